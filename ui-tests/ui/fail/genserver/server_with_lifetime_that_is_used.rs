use suptree::prelude::*;

struct Parser<'a> {
    text: &'a str,
}

#[genserver]
impl<'a> Parser<'a> {
    #[init]
    fn init(text: &'a str) -> Self {
        Self { text }
    }

    #[call]
    fn rest(&self) -> &'a str {
        self.text
    }

    #[cast]
    fn go_on_with(&mut self, text: &'a str) {
        self.text = text;
    }
}

fn main() {}
