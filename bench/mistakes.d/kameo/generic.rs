use kameo::prelude::*;

#[derive(Actor)]
pub struct Ring<T: Clone + Send + 'static, const N: usize>(Vec<T>); // ODD
// PLAIN: pub struct Ring(Vec<String>);

#[messages]
impl<T: Clone + Send + 'static, const N: usize> Ring<T, N> { // ODD
// PLAIN: impl Ring {
    #[message]
    fn put(&mut self, items: Vec<T>) { // ODD
    // PLAIN: fn put(&mut self, items: Vec<String>) {
        self.0 = items;
    }

    #[message]
    fn add(&mut self, item: Option<T>) { // ODD
    // PLAIN: fn add(&mut self, item: Option<String>) {
        self.0.extend(item);
    }

    #[message]
    fn first(&self, default: T) -> Option<T> { // ODD
    // PLAIN: fn first(&self, default: String) -> Option<String> {
        self.0.first().cloned().or(Some(default))
    }

    #[message]
    fn size(&self) -> usize {
        N // ODD
        // PLAIN: self.0.len()
    }
}
