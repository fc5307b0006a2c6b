//! A handler, and an `#[init]`, with 64 arguments.

#![deny(warnings)]
#![allow(clippy::too_many_arguments)]

use suptree::prelude::*;

macro_rules! wide {
    ($($number:ident: $ty:ident),*; $($text:ident)*) => {
        struct Wide(u64);

        #[genserver]
        impl Wide {
            #[init]
            fn init($($number: $ty),*) -> Self {
                Self(0 $(+ u64::from($number))*)
            }

            #[call]
            fn all(&self, $($number: $ty),*) -> u64 {
                self.0 $(+ u64::from($number))*
            }

            #[cast]
            async fn texts(&mut self, $($text: String),*) {
                self.0 = [$($text),*].concat().len() as u64;
            }
        }
    };
}

wide! {
    a0: u8, a1: u16, a2: u32, a3: u64, a4: u8, a5: u16, a6: u32, a7: u64, a8: u8, a9: u16, a10: u32, a11: u64,
    a12: u8, a13: u16, a14: u32, a15: u64, a16: u8, a17: u16, a18: u32, a19: u64, a20: u8, a21: u16, a22: u32,
    a23: u64, a24: u8, a25: u16, a26: u32, a27: u64, a28: u8, a29: u16, a30: u32, a31: u64, a32: u8, a33: u16,
    a34: u32, a35: u64, a36: u8, a37: u16, a38: u32, a39: u64, a40: u8, a41: u16, a42: u32, a43: u64, a44: u8,
    a45: u16, a46: u32, a47: u64, a48: u8, a49: u16, a50: u32, a51: u64, a52: u8, a53: u16, a54: u32, a55:
    u64, a56: u8, a57: u16, a58: u32, a59: u64, a60: u8, a61: u16, a62: u32, a63: u64;
    t0 t1 t2 t3 t4 t5 t6 t7 t8 t9 t10 t11 t12 t13 t14 t15 t16 t17 t18 t19 t20 t21 t22 t23 t24 t25 t26 t27 t28
    t29 t30 t31 t32 t33 t34 t35 t36 t37 t38 t39 t40 t41 t42 t43 t44 t45 t46 t47 t48 t49 t50 t51 t52 t53 t54
    t55 t56 t57 t58 t59 t60 t61 t62 t63
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wide = Wide::start(
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1,
    )
    .await?;
    assert_eq!(
        wide.all(
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
            24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45,
            46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63
        )
        .await?,
        64 + 2016
    );
    wide.texts(
        "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab",
        "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab",
        "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab",
        "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab",
        "ab", "ab", "ab", "ab",
    )
    .await?;
    assert_eq!(
        wide.all(
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0
        )
        .await?,
        128
    );
    Ok(())
}
