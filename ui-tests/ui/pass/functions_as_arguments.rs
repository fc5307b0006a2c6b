//! Closures, function pointers and trait objects as arguments, replies and states; lifetimes of their own.

#![deny(warnings)]

use std::any::Any;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use suptree::prelude::*;

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Change = Box<dyn for<'a> FnMut(&'a mut Vec<u8>) -> &'a mut u8 + Send + 'static>;

struct Runner<F: Fn(u8) -> u8> {
    values: Vec<u8>,
    with: F,
    hooks: Vec<Arc<dyn Fn(&[u8]) -> usize + Send + Sync>>,
}

#[genserver]
impl<F> Runner<F>
where
    F: Fn(u8) -> u8 + Send + Sync + 'static,
{
    #[init]
    fn init(with: F) -> Self {
        Self {
            values: vec![1, 2, 3],
            with,
            hooks: Vec::new(),
        }
    }

    #[call]
    fn call(&self, f: fn(&[u8]) -> usize) -> usize {
        f(&self.values)
    }

    #[call]
    fn longest(&self, f: for<'a> fn(&'a str, &'static str) -> &'a str, text: String) -> String {
        f(&text, "").to_owned()
    }

    #[call]
    fn once(&mut self, f: Box<dyn FnOnce(&mut Self) -> u8 + Send>) -> u8 {
        f(self)
    }

    #[cast]
    fn change(&mut self, mut f: Change) {
        *f(&mut self.values) += 1;
    }

    #[call]
    async fn wait(
        &mut self,
        f: impl Into<Boxed<u8>>,
        g: Box<dyn FnOnce(u8) -> Boxed<u8> + Send>,
    ) -> u8 {
        let f = f.into();
        g(f.await).await
    }

    #[cast]
    fn hook(&mut self, hook: Arc<dyn Fn(&[u8]) -> usize + Send + Sync>) {
        self.hooks.push(hook);
    }

    #[call]
    fn hooked(&self) -> Vec<usize> {
        self.hooks.iter().map(|hook| hook(&self.values)).collect()
    }

    #[call]
    fn mapped(&self) -> Box<dyn Fn() -> Vec<u8> + Send> {
        let mapped: Vec<u8> = self
            .values
            .iter()
            .map(|value| (self.with)(*value))
            .collect();
        Box::new(move || mapped.clone())
    }

    #[call]
    fn any(&self, any: Box<dyn Any + Send>) -> Result<u8, Box<dyn Error + Send + Sync>> {
        any.downcast::<u8>()
            .map(|any| *any)
            .map_err(|_| "no `u8`".into())
    }

    #[call]
    fn items(
        &self,
        items: Box<dyn Iterator<Item = u8> + Send>,
    ) -> Box<dyn Iterator<Item = u8> + Send> {
        Box::new(items.chain(self.values.clone()))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let runner = Runner::start(|value| value * 2).await?;
    assert_eq!(runner.call(<[u8]>::len).await?, 3);
    assert_eq!(
        runner
            .longest(|a, b| if a.len() > b.len() { a } else { b }, "ab")
            .await?,
        "ab"
    );
    assert_eq!(
        runner
            .once(Box::new(|runner| runner.values.remove(0)))
            .await?,
        1
    );
    runner.change(Box::new(|values| &mut values[0])).await?;
    let plus = Box::new(|value: u8| Box::pin(async move { value + 1 }) as Boxed<u8>);
    assert_eq!(
        runner
            .wait(Box::pin(async { 1_u8 }) as Boxed<u8>, plus)
            .await?,
        2
    );
    runner.hook(Arc::new(|values| values.len())).await?;
    assert_eq!(runner.hooked().await?, [2]);
    assert_eq!(runner.mapped().await?(), [6, 6]);
    assert_eq!(runner.any(Box::new(7_u8)).await?.ok(), Some(7));
    assert!(runner.any(Box::new("text")).await?.is_err());
    assert_eq!(runner.items(Box::new(0..2)).await?.sum::<u8>(), 7);
    Ok(())
}
