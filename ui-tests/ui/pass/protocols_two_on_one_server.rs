//! Two protocols on one server, with a handler that both ask for, and one that neither does.

#![deny(warnings)]

use suptree::prelude::*;
use suptree::protocol;

#[protocol]
trait Reader {
    #[call]
    fn read(&self) -> String;
    #[call]
    fn size(&self) -> usize;
}

mod writing {
    use suptree::protocol;

    #[protocol]
    pub(crate) trait Writer {
        #[cast]
        fn write(&mut self, text: String);
        #[call]
        fn size(&self) -> usize;
    }
}

#[derive(Default)]
struct File(String);

#[genserver(protocols(Reader, writing::Writer))]
impl File {
    #[call]
    fn read(&self) -> String {
        self.0.clone()
    }

    #[call]
    fn size(&self) -> usize {
        self.0.len()
    }

    #[cast]
    fn write(&mut self, text: String) {
        self.0 += &text;
    }

    #[cast]
    fn truncate(&mut self) {
        self.0.clear();
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = File::start().await?;
    let (reader, writer): (ReaderClient, writing::WriterClient) =
        (file.clone().into(), file.clone().into());
    writer.write("text").await?;
    assert_eq!(reader.read().await?, "text");
    assert_eq!(reader.size().await?, writer.size().await?);
    file.truncate().await?;
    assert_eq!(reader.size().await?, 0);
    Ok(())
}
