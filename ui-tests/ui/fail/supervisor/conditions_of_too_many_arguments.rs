use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! {
    App(
        #[cfg(target_os = "aix")] _aix: u8,
        #[cfg(target_os = "android")] _android: u8,
        #[cfg(target_os = "freebsd")] _freebsd: u8,
        #[cfg(target_os = "fuchsia")] _fuchsia: u8,
        #[cfg(target_os = "haiku")] _haiku: u8,
        #[cfg(target_os = "illumos")] _illumos: u8,
        #[cfg(target_os = "linux")] _linux: u8,
        #[cfg(target_os = "netbsd")] _netbsd: u8,
        #[cfg(target_os = "openbsd")] _openbsd: u8,
    ) {
        strategy: one_for_one,
        children: [Cache],
    }
}

fn main() {}
