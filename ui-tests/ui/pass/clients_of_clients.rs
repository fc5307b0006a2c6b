//! Servers that hold the client of the next, two dozen deep, and eight that hold each other's.

#![deny(warnings)]

use suptree::prelude::*;

macro_rules! chain {
    ($last:ident) => {
        #[derive(Default)]
        struct $last;

        #[genserver]
        impl $last {
            #[call]
            async fn depth(&mut self) -> u32 {
                1
            }
        }
    };
    ($server:ident $next:ident $($rest:ident)*) => {
        struct $server(<$next as GenServer>::Client);

        #[genserver]
        impl $server {
            #[init]
            fn init(next: <$next as GenServer>::Client) -> Self {
                Self(next)
            }

            #[call]
            async fn depth(&mut self) -> Result<u32, CallError> {
                Ok(1 + Answer::from(self.0.depth().await?).0?)
            }
        }

        chain! { $next $($rest)* }
    };
}

/// What a server of the chain says, the last one or another.
struct Answer(Result<u32, CallError>);

impl From<u32> for Answer {
    fn from(depth: u32) -> Self {
        Self(Ok(depth))
    }
}

impl From<Result<u32, CallError>> for Answer {
    fn from(depth: Result<u32, CallError>) -> Self {
        Self(depth)
    }
}

chain! {
    S0 S1 S2 S3 S4 S5 S6 S7 S8 S9 S10 S11 S12 S13 S14 S15 S16 S17 S18 S19 S20 S21 S22 S23
}

macro_rules! ring {
    ($($server:ident $client:ident),*; $all:tt) => {
        $(ring! { @ $server $client $all })*
    };
    (@ $server:ident $client:ident ($($field:ident: $other:ident),*)) => {
        #[derive(Default)]
        struct $server {
            $($field: Option<$other>),*
        }

        #[genserver]
        impl $server {
            #[call]
            async fn known(&mut self) -> usize {
                let mut known = 0;
                $(
                    if let Some(other) = &self.$field {
                        known += other.known().await.unwrap_or(0) + 1;
                    }
                )*
                known
            }
        }
    };
}

ring! {
    R0 R0Client, R1 R1Client, R2 R2Client, R3 R3Client, R4 R4Client, R5 R5Client, R6 R6Client, R7 R7Client;
    (r0: R0Client, r1: R1Client, r2: R2Client, r3: R3Client, r4: R4Client, r5: R5Client, r6: R6Client, r7: R7Client)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let last = S23::start().await?;
    let one_before = S22::start(last).await?;
    assert_eq!(one_before.depth().await??, 2);
    assert_eq!(R7::start().await?.known().await?, 0);
    Ok(())
}
