use suptree::prelude::*;

pub struct Ring<T: Clone + Send + 'static, const N: usize>(Vec<T>); // ODD
// PLAIN: pub struct Ring(Vec<String>);

#[genserver]
impl<T: Clone + Send + 'static, const N: usize> Ring<T, N> { // ODD
// PLAIN: impl Ring {
    #[init]
    fn init(items: Vec<T>) -> Self { // ODD
    // PLAIN: fn init(items: Vec<String>) -> Self {
        Self(items)
    }

    #[cast]
    fn put(&mut self, items: Vec<T>) { // ODD
    // PLAIN: fn put(&mut self, items: Vec<String>) {
        self.0 = items;
    }

    #[cast]
    fn add(&mut self, item: Option<T>) { // ODD
    // PLAIN: fn add(&mut self, item: Option<String>) {
        self.0.extend(item);
    }

    #[call]
    fn first(&self, default: T) -> T { // ODD
    // PLAIN: fn first(&self, default: String) -> String {
        self.0.first().cloned().unwrap_or(default)
    }

    #[call]
    fn size(&self) -> usize {
        N // ODD
        // PLAIN: self.0.len()
    }
}
