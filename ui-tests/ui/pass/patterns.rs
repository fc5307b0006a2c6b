//! Patterns as arguments: they stay in the handler, and its caller gives whole values.

#![deny(warnings)]

use suptree::prelude::*;

#[derive(Clone, Copy)]
struct Point {
    x: i32,
    y: i32,
}

struct Sum(i32);

#[genserver]
impl Sum {
    #[init]
    fn init((first, second): (i32, i32), mut third: i32, Point { x, .. }: Point, _: u8) -> Self {
        third += x;
        Self(first + second + third)
    }

    #[call]
    fn pair(&self, (a, b): (i32, i32)) -> i32 {
        self.0 + a * b
    }

    #[call]
    async fn nested(&self, Point { x, mut y }: Point, [first, .., last]: [i32; 4]) -> i32 {
        y += x;
        y + first + last
    }

    #[cast]
    fn add(&mut self, mut by: i32, _: &'static str, _unused: u8) {
        by += 1;
        self.0 += by;
    }

    #[info]
    fn both(&mut self, (Point { x, y }, Wrapped(z)): (Point, Wrapped)) {
        self.0 += x + y + z;
    }

    #[call]
    fn at(&self, whole @ Point { x, .. }: Point) -> i32 {
        whole.y + x
    }

    #[call]
    fn arg(&self, (a, _): (i32, i32), arg: i32, arg1: i32) -> i32 {
        a + arg + arg1
    }

    #[call]
    fn sum(&self, (): ()) -> i32 {
        self.0
    }
}

struct Wrapped(i32);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let point = Point { x: 1, y: 2 };
    let sum = Sum::start((1, 2), 3, point, 0).await?;
    assert_eq!(sum.pair((2, 3)).await?, 13);
    assert_eq!(sum.nested(point, [1, 0, 0, 4]).await?, 8);
    sum.add(1, "two", 3).await?;
    sum.both((point, Wrapped(3))).await?;
    assert_eq!(sum.at(point).await?, 3);
    assert_eq!(sum.arg((1, 0), 2, 3).await?, 6);
    assert_eq!(sum.sum(()).await?, 15);
    Ok(())
}
