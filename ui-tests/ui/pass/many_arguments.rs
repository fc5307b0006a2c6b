//! A handler, and an `#[init]`, with 64 arguments.

#![deny(warnings)]
#![allow(clippy::too_many_arguments)]

use suptree::prelude::*;

struct Wide(u64);

#[genserver]
impl Wide {
    #[init]
    fn init(
        a0: u8,
        a1: u16,
        a2: u32,
        a3: u64,
        a4: u8,
        a5: u16,
        a6: u32,
        a7: u64,
        a8: u8,
        a9: u16,
        a10: u32,
        a11: u64,
        a12: u8,
        a13: u16,
        a14: u32,
        a15: u64,
        a16: u8,
        a17: u16,
        a18: u32,
        a19: u64,
        a20: u8,
        a21: u16,
        a22: u32,
        a23: u64,
        a24: u8,
        a25: u16,
        a26: u32,
        a27: u64,
        a28: u8,
        a29: u16,
        a30: u32,
        a31: u64,
        a32: u8,
        a33: u16,
        a34: u32,
        a35: u64,
        a36: u8,
        a37: u16,
        a38: u32,
        a39: u64,
        a40: u8,
        a41: u16,
        a42: u32,
        a43: u64,
        a44: u8,
        a45: u16,
        a46: u32,
        a47: u64,
        a48: u8,
        a49: u16,
        a50: u32,
        a51: u64,
        a52: u8,
        a53: u16,
        a54: u32,
        a55: u64,
        a56: u8,
        a57: u16,
        a58: u32,
        a59: u64,
        a60: u8,
        a61: u16,
        a62: u32,
        a63: u64,
    ) -> Self {
        Self(
            u64::from(a0)
                + u64::from(a1)
                + u64::from(a2)
                + a3
                + u64::from(a4)
                + u64::from(a5)
                + u64::from(a6)
                + a7
                + u64::from(a8)
                + u64::from(a9)
                + u64::from(a10)
                + a11
                + u64::from(a12)
                + u64::from(a13)
                + u64::from(a14)
                + a15
                + u64::from(a16)
                + u64::from(a17)
                + u64::from(a18)
                + a19
                + u64::from(a20)
                + u64::from(a21)
                + u64::from(a22)
                + a23
                + u64::from(a24)
                + u64::from(a25)
                + u64::from(a26)
                + a27
                + u64::from(a28)
                + u64::from(a29)
                + u64::from(a30)
                + a31
                + u64::from(a32)
                + u64::from(a33)
                + u64::from(a34)
                + a35
                + u64::from(a36)
                + u64::from(a37)
                + u64::from(a38)
                + a39
                + u64::from(a40)
                + u64::from(a41)
                + u64::from(a42)
                + a43
                + u64::from(a44)
                + u64::from(a45)
                + u64::from(a46)
                + a47
                + u64::from(a48)
                + u64::from(a49)
                + u64::from(a50)
                + a51
                + u64::from(a52)
                + u64::from(a53)
                + u64::from(a54)
                + a55
                + u64::from(a56)
                + u64::from(a57)
                + u64::from(a58)
                + a59
                + u64::from(a60)
                + u64::from(a61)
                + u64::from(a62)
                + a63,
        )
    }

    #[call]
    fn all(
        &self,
        a0: u8,
        a1: u16,
        a2: u32,
        a3: u64,
        a4: u8,
        a5: u16,
        a6: u32,
        a7: u64,
        a8: u8,
        a9: u16,
        a10: u32,
        a11: u64,
        a12: u8,
        a13: u16,
        a14: u32,
        a15: u64,
        a16: u8,
        a17: u16,
        a18: u32,
        a19: u64,
        a20: u8,
        a21: u16,
        a22: u32,
        a23: u64,
        a24: u8,
        a25: u16,
        a26: u32,
        a27: u64,
        a28: u8,
        a29: u16,
        a30: u32,
        a31: u64,
        a32: u8,
        a33: u16,
        a34: u32,
        a35: u64,
        a36: u8,
        a37: u16,
        a38: u32,
        a39: u64,
        a40: u8,
        a41: u16,
        a42: u32,
        a43: u64,
        a44: u8,
        a45: u16,
        a46: u32,
        a47: u64,
        a48: u8,
        a49: u16,
        a50: u32,
        a51: u64,
        a52: u8,
        a53: u16,
        a54: u32,
        a55: u64,
        a56: u8,
        a57: u16,
        a58: u32,
        a59: u64,
        a60: u8,
        a61: u16,
        a62: u32,
        a63: u64,
    ) -> u64 {
        self.0
            + u64::from(a0)
            + u64::from(a1)
            + u64::from(a2)
            + a3
            + u64::from(a4)
            + u64::from(a5)
            + u64::from(a6)
            + a7
            + u64::from(a8)
            + u64::from(a9)
            + u64::from(a10)
            + a11
            + u64::from(a12)
            + u64::from(a13)
            + u64::from(a14)
            + a15
            + u64::from(a16)
            + u64::from(a17)
            + u64::from(a18)
            + a19
            + u64::from(a20)
            + u64::from(a21)
            + u64::from(a22)
            + a23
            + u64::from(a24)
            + u64::from(a25)
            + u64::from(a26)
            + a27
            + u64::from(a28)
            + u64::from(a29)
            + u64::from(a30)
            + a31
            + u64::from(a32)
            + u64::from(a33)
            + u64::from(a34)
            + a35
            + u64::from(a36)
            + u64::from(a37)
            + u64::from(a38)
            + a39
            + u64::from(a40)
            + u64::from(a41)
            + u64::from(a42)
            + a43
            + u64::from(a44)
            + u64::from(a45)
            + u64::from(a46)
            + a47
            + u64::from(a48)
            + u64::from(a49)
            + u64::from(a50)
            + a51
            + u64::from(a52)
            + u64::from(a53)
            + u64::from(a54)
            + a55
            + u64::from(a56)
            + u64::from(a57)
            + u64::from(a58)
            + a59
            + u64::from(a60)
            + u64::from(a61)
            + u64::from(a62)
            + a63
    }

    #[cast]
    async fn texts(
        &mut self,
        t0: String,
        t1: String,
        t2: String,
        t3: String,
        t4: String,
        t5: String,
        t6: String,
        t7: String,
        t8: String,
        t9: String,
        t10: String,
        t11: String,
        t12: String,
        t13: String,
        t14: String,
        t15: String,
        t16: String,
        t17: String,
        t18: String,
        t19: String,
        t20: String,
        t21: String,
        t22: String,
        t23: String,
        t24: String,
        t25: String,
        t26: String,
        t27: String,
        t28: String,
        t29: String,
        t30: String,
        t31: String,
        t32: String,
        t33: String,
        t34: String,
        t35: String,
        t36: String,
        t37: String,
        t38: String,
        t39: String,
        t40: String,
        t41: String,
        t42: String,
        t43: String,
        t44: String,
        t45: String,
        t46: String,
        t47: String,
        t48: String,
        t49: String,
        t50: String,
        t51: String,
        t52: String,
        t53: String,
        t54: String,
        t55: String,
        t56: String,
        t57: String,
        t58: String,
        t59: String,
        t60: String,
        t61: String,
        t62: String,
        t63: String,
    ) {
        self.0 = [
            t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18,
            t19, t20, t21, t22, t23, t24, t25, t26, t27, t28, t29, t30, t31, t32, t33, t34, t35,
            t36, t37, t38, t39, t40, t41, t42, t43, t44, t45, t46, t47, t48, t49, t50, t51, t52,
            t53, t54, t55, t56, t57, t58, t59, t60, t61, t62, t63,
        ]
        .concat()
        .len() as u64;
    }
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
