//! What borrows for ever, and what owns a text: `&'static`, `Cow`, `Arc<str>`, `Box<str>`, paths.

#![deny(warnings)]

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use suptree::prelude::*;

struct Holder<T: ?Sized + 'static> {
    value: &'static T,
    name: Cow<'static, str>,
}

#[genserver(name = key)]
impl<T: ?Sized + Sync> Holder<T> {
    #[init]
    fn init(key: Arc<str>, value: &'static T, name: Cow<'static, str>) -> Self {
        let _ = &key;
        Self { value, name }
    }

    #[call]
    fn value(&self) -> &'static T {
        self.value
    }

    #[call]
    fn name(&self) -> Cow<'static, str> {
        self.name.clone()
    }
}

#[derive(Default)]
struct Texts(Vec<String>);

#[genserver]
impl Texts {
    #[cast]
    fn all(
        &mut self,
        a: &'static str,
        b: Cow<'static, str>,
        c: Arc<str>,
        d: Box<str>,
        e: std::string::String,
        f: PathBuf,
    ) {
        self.0.extend([
            a.into(),
            b.into_owned(),
            c.to_string(),
            d.into(),
            e,
            f.display().to_string(),
        ]);
    }

    #[cast]
    fn bytes(
        &mut self,
        a: &'static [u8],
        b: Cow<'static, [u8]>,
        c: Arc<[u8]>,
        d: &'static [&'static str; 2],
    ) {
        self.0
            .push(format!("{}{}{}{}", a.len(), b.len(), c.len(), d.concat()));
    }

    #[call]
    fn optional(
        &self,
        a: Option<&'static str>,
        b: Option<Cow<'static, str>>,
        c: Option<String>,
    ) -> Option<&'static str> {
        b.is_none().then_some(a).flatten().filter(|_| c.is_some())
    }

    #[call]
    fn joined(&self) -> Arc<str> {
        self.0.join(",").into()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let holder = Holder::<[u8]>::start("bytes", &[1, 2], "name").await?;
    assert_eq!(Holder::<[u8]>::named("bytes").value().await?, [1, 2]);
    assert!(Holder::<[u8]>::whereis("bytes").is_some());
    assert_eq!(holder.name().await?, "name");
    let texts = Texts::start().await?;
    texts.all("a", "b", "c", "d", "e", "f").await?;
    texts
        .all(
            "a",
            Cow::Owned("b".to_owned()),
            Arc::from("c"),
            Box::from("d"),
            String::from("e"),
            PathBuf::from("f"),
        )
        .await?;
    texts
        .bytes(b"one", Cow::Borrowed(b"two"), Arc::from([1]), &["x", "y"])
        .await?;
    assert_eq!(
        texts.joined().await?.as_ref(),
        "a,b,c,d,e,f,a,b,c,d,e,f,331xy"
    );
    assert_eq!(
        texts.optional(Some("a"), None, Some("c".into())).await?,
        Some("a")
    );
    Ok(())
}
