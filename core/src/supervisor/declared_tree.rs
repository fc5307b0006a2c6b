//! `DeclaredTree`: a tree of supervisors as it was declared, as a text and as a Mermaid graph.

use std::fmt::{self, Write as _};

/// The supervision tree that a `supervisor!` declares, with those of the supervisors in it: its `tree()`. `Display` draws it.
///
/// What a `#[cfg]` takes away is not in it; what stands behind an `if` or a `for` is, in the words of the declaration. The processes
/// that run are in [`tree()`](crate::tree).
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Cache;
///
/// #[genserver]
/// impl Cache {}
///
/// supervisor! { Storage { strategy: one_for_all, children: [Cache as disk, Cache as index] } }
///
/// supervisor! {
///     App(shards: u32) {
///         strategy: rest_for_one,
///         children: [
///             Cache { shutdown: 10s },
///             Storage,
///             for _ in 0..shards => Cache as shards_,
///         ],
///     }
/// }
///
/// let expected = "\
/// App (rest_for_one)
/// ├─ cache: Cache, shutdown 10s
/// ├─ storage: Storage (one_for_all)
/// │  ├─ disk: Cache
/// │  └─ index: Cache
/// └─ shards_: Cache, for _ in 0..shards
/// ";
/// assert_eq!(App::tree().to_string(), expected);
/// ```
#[derive(Clone, Debug)]
pub struct DeclaredTree {
    text: String,
    supervisor: bool,
    children: Vec<Self>,
}

impl DeclaredTree {
    /// A supervisor without children. For generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn supervisor(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            supervisor: true,
            children: Vec::new(),
        }
    }

    /// Adds a child of which no more is known. For generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn leaf(self, id: &str, what: &str, notes: &str) -> Self {
        self.with(Self {
            text: format!("{id}: {what}{notes}"),
            supervisor: false,
            children: Vec::new(),
        })
    }

    /// Adds a child that is a tree of its own.
    pub(super) fn tree(self, id: &str, mut tree: Self, notes: &str) -> Self {
        tree.text = format!("{id}: {}{notes}", tree.text);
        self.with(tree)
    }

    fn with(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    /// As a [Mermaid](https://mermaid.js.org/syntax/flowchart.html) flowchart: for a README, which shows it as a picture.
    ///
    /// ```
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Cache;
    ///
    /// #[genserver]
    /// impl Cache {}
    ///
    /// supervisor! { App { strategy: one_for_one, children: [Cache] } }
    ///
    /// let expected = r#"graph TD
    ///     n0["App (one_for_one)"]
    ///     n0 --> n1("cache: Cache")
    /// "#;
    /// assert_eq!(App::tree().mermaid(), expected);
    /// ```
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut graph = format!("graph TD\n    n0{}\n", self.shape());
        let mut last = 0;
        self.edges(0, &mut last, &mut graph);
        graph
    }

    fn edges(&self, from: usize, last: &mut usize, graph: &mut String) {
        for child in &self.children {
            *last += 1;
            let to = *last;
            // To a `String` nothing fails.
            let _ = writeln!(graph, "    n{from} --> n{to}{}", child.shape());
            child.edges(to, last, graph);
        }
    }

    /// A rectangle for a supervisor, a rounded one for a server.
    fn shape(&self) -> String {
        let text = crate::text::mermaid(&self.text);
        if self.supervisor {
            format!("[\"{text}\"]")
        } else {
            format!("(\"{text}\")")
        }
    }

    fn draw(&self, f: &mut fmt::Formatter<'_>, indent: &str) -> fmt::Result {
        let mut children = self.children.iter().peekable();
        while let Some(child) = children.next() {
            let (branch, below) = if children.peek().is_some() {
                ("├─ ", "│  ")
            } else {
                ("└─ ", "   ")
            };
            writeln!(f, "{indent}{branch}{}", child.text)?;
            child.draw(f, &format!("{indent}{below}"))?;
        }
        Ok(())
    }
}

impl fmt::Display for DeclaredTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.draw(f, "")
    }
}

/// The [depth](crate::Child::DEPTH) of a supervisor whose children have these.
#[must_use]
pub const fn deepest<const CHILDREN: usize>(children: [usize; CHILDREN]) -> usize {
    let mut deepest = 0;
    let mut at = 0;
    while at < CHILDREN {
        if children[at] > deepest {
            deepest = children[at];
        }
        at += 1;
    }
    deepest + 1
}

#[cfg(test)]
mod tests {
    use super::DeclaredTree;

    #[test]
    fn a_graph_has_no_word_of_html() {
        let tree = DeclaredTree::supervisor("App<M>").leaf("a", "b(\"#1\")", "");
        let expected =
            "graph TD\n    n0[\"App#lt;M#gt;\"]\n    n0 --> n1(\"a: b(#quot;#35;1#quot;)\")\n";
        assert_eq!(tree.mermaid(), expected);
    }
}
