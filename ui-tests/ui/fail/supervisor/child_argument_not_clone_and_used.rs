use suptree::prelude::*;
struct Secret(String);
struct Vault(Secret);
#[genserver]
impl Vault {
    #[init]
    fn init(s: Secret) -> Self { Self(s) }
    #[call]
    fn len(&self) -> usize { self.0.0.len() }
}
supervisor! { App { strategy: one_for_one, children: [Vault(Secret(String::new()))] } }

#[tokio::main]
async fn main() { let app = App::start_link().await.unwrap(); app.stop().await.unwrap(); }
