//! What `part` and `parts` say in `#[genserver(..)]`: that the block adds handlers to a server, and which blocks do.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::{Attribute, Path, Token, Visibility, parenthesized};

use crate::code;
use crate::diag::{Errors, error};
use crate::genserver::role::Role;
use crate::tokens::{self, until_comma};

/// The block is a part: `part`, or `part = pub(crate) Admin`.
pub(crate) struct IsPart {
    pub(crate) vis: Visibility,
    /// `None`: the only one.
    pub(crate) name: Option<Ident>,
}

/// The parts that a server names.
pub(crate) struct Parts {
    pub(crate) word: Ident,
    /// Empty: it has one, without a name.
    pub(crate) named: Vec<PartPath>,
}

/// A part that a server names: `#[cfg(..)] admin::Admin`.
pub(crate) struct PartPath {
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) path: Path,
}

/// What stands behind `part`. One with a mistake is a part all the same.
pub(crate) fn is_part(
    word: &Ident,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<IsPart> {
    const HOW: &str = "write `part` where there is one, and `part = Admin` where there are several";
    let mut part = IsPart {
        vis: Visibility::Inherited,
        name: None,
    };
    if input.peek(syn::token::Paren) {
        let list;
        parenthesized!(list in input);
        part.name = list.parse().ok();
        until_comma(&list);
        errors.at(
            code::PART,
            word,
            "the name of a part stands behind `=`",
            HOW,
        );
    } else if input.parse::<Option<Token![=]>>()?.is_some() {
        part.vis = input.parse()?;
        let found = input.span();
        match input.parse() {
            Ok(name) => part.name = Some(name),
            Err(_) => errors.push(error(
                code::PART,
                found,
                "expected the name of the part",
                HOW,
            )),
        }
    }
    Ok(part)
}

/// What stands behind `parts`. Without a list it is one part without a name.
pub(crate) fn parts(
    word: &Ident,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Parts> {
    const HOW: &str = "write `parts` for one, `parts(Admin, Stats)` for several";
    let mut parts = Parts {
        word: word.clone(),
        named: Vec::new(),
    };
    if input.parse::<Option<Token![=]>>()?.is_some() {
        errors.at(code::PARTS, word, "the parts stand in parentheses", HOW);
        parts.named.extend(part_path(input, errors).ok());
        until_comma(input);
        return Ok(parts);
    }
    if !input.peek(syn::token::Paren) {
        return Ok(parts);
    }
    let list;
    parenthesized!(list in input);
    if list.is_empty() {
        errors.at(code::PARTS, word, "expected the names of parts", HOW);
    }
    while !list.is_empty() {
        match part_path(&list, errors) {
            Ok(part) if is_there(&parts.named, &part) => {
                let text = tokens::text(&part.path);
                errors.at(
                    code::GIVEN_TWICE,
                    part.path,
                    format!("`{text}` is named twice"),
                    "remove one of the two",
                );
            }
            Ok(part) => parts.named.push(part),
            Err(error) => {
                errors.push(error);
                until_comma(&list);
            }
        }
        if !list.is_empty() && list.parse::<Token![,]>().is_err() {
            let found = until_comma(&list);
            errors.at(code::COMMA, found, "expected `,`", HOW);
        }
    }
    Ok(parts)
}

/// Whether the same part is named already, under every `#[cfg]`.
fn is_there(named: &[PartPath], part: &PartPath) -> bool {
    let same = |other: &&PartPath| tokens::text(&other.path) == tokens::text(&part.path);
    part.cfgs.is_empty()
        && named
            .iter()
            .find(same)
            .is_some_and(|other| other.cfgs.is_empty())
}

fn part_path(list: ParseStream<'_>, errors: &mut Errors) -> syn::Result<PartPath> {
    let mut cfgs = list.call(Attribute::parse_outer)?;
    cfgs.retain(|attribute| {
        let is_cfg = attribute.path().is_ident("cfg");
        if !is_cfg {
            errors.at(
                code::PARTS,
                attribute,
                "only `#[cfg(..)]` stands on the name of a part",
                "put other attributes on the block of the part",
            );
        }
        is_cfg
    });
    let found = list.span();
    let unnamed = || {
        error(
            code::PARTS,
            found,
            "expected the name of a part",
            "write `parts(Admin)` for `#[genserver(part = Admin)]`",
        )
    };
    let path = list.call(Path::parse_mod_style).map_err(|_| unnamed())?;
    // It names a module.
    let last = path.segments.last().map(|last| last.ident.to_string());
    match last.as_deref() {
        None | Some("crate" | "self" | "super" | "Self") => Err(unnamed()),
        Some(_) => Ok(PartPath { cfgs, path }),
    }
}

/// A part has nothing of its own but handlers.
pub(crate) fn options_of_a_part(tokens: TokenStream, errors: &mut Errors) {
    const OF_A_PART: [&str; 3] = ["part", "client", "crate"];
    let mut begins = true;
    for token in tokens {
        if let TokenTree::Ident(word) = &token
            && begins
            && !OF_A_PART.iter().any(|known| word == known)
        {
            errors.at(
                code::OF_THE_WHOLE_SERVER,
                word,
                format!("`{word}` is for the whole server, and this block is a part of it"),
                "move the option to the block without `part`",
            );
        }
        begins = matches!(&token, TokenTree::Punct(comma) if comma.as_char() == ',');
    }
}

/// What is wrong with a method of this role in a part.
pub(crate) fn of_the_whole_server(role: Role) -> Option<(String, &'static str)> {
    match role {
        Role::Message(_) => None,
        Role::Own(_) | Role::Hook(_) => Some((
            format!(
                "`#[{}]` is for the whole server, and this block is a part of it",
                role.word()
            ),
            "move the method to the block without `part`; a part has `#[call]`, `#[cast]` and `#[info]`",
        )),
    }
}
