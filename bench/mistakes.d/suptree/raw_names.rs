use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[cast]
    fn r#move(&mut self, r#type: String) { // ODD
        self.0 = Some(r#type); // ODD
    // PLAIN: fn shift(&mut self, kind: String) {
    // PLAIN:     self.0 = Some(kind);
    }
}
