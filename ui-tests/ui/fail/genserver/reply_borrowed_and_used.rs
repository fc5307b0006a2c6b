use suptree::prelude::*;

#[derive(Default)]
struct Names(Vec<String>);

#[genserver]
impl Names {
    #[call]
    fn all(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }
}

async fn joined(names: NamesClient) -> Result<String, CallError> {
    Ok(names.all().await?.join(", "))
}

fn main() {}
