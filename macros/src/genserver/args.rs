//! `#[genserver(..)]`: from the tokens in the parentheses to [`Options`], and an error for each that makes no sense.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Path, Token, Visibility};

use crate::diag::{Errors, error};
use crate::tokens::until_comma;
use crate::values::{self, Shutdown};
use crate::words;

/// What the user chose; `None` where nothing was said.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) name: Option<Expr>,
    pub(crate) restart: Option<Ident>,
    pub(crate) shutdown: Option<Shutdown>,
    pub(crate) trap_exit: Option<bool>,
    pub(crate) mailbox: Option<Mailbox>,
    pub(crate) client: Option<(Visibility, Ident)>,
    pub(crate) krate: Option<TokenStream>,
    pub(crate) inline: Option<Ident>,
    pub(crate) inline_casts: Option<bool>,
    pub(crate) last_message: Option<bool>,
}

/// How many messages may wait.
pub(crate) enum Mailbox {
    /// `unbounded`
    Unbounded,
    /// A number, or an expression of type `usize`.
    Bounded(TokenStream),
}

impl Options {
    /// Reads all options; one that cannot be read is reported and left out.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut options = Self::default();
        let parser = |input: ParseStream<'_>| {
            options.read_all(input, errors);
            Ok(())
        };
        let result = parser.parse2(tokens);
        errors.take(result);
        options
    }

    /// The path of the facade crate.
    pub(crate) fn krate(&self) -> TokenStream {
        self.krate.clone().unwrap_or_else(|| quote!(::suptree))
    }

    fn read_all(&mut self, input: ParseStream<'_>, errors: &mut Errors) {
        let mut seen: Vec<Ident> = Vec::new();
        while !input.is_empty() {
            if let Err(error) = self.read(input, &mut seen) {
                errors.push(error);
                until_comma(input);
            } else if !input.is_empty() && !input.peek(Token![,]) {
                let rest = until_comma(input);
                errors.at(
                    rest,
                    "unexpected after the value of an option",
                    "options are separated by commas",
                );
            }
            // At a comma or at the end.
            if input.parse::<Token![,]>().is_err() {
                break;
            }
        }
    }

    fn read(&mut self, input: ParseStream<'_>, seen: &mut Vec<Ident>) -> syn::Result<()> {
        let Ok(option) = input.call(Ident::parse_any) else {
            let help = format!(
                "write `option = value`; {}",
                words::expected_list("", words::OPTIONS)
            );
            return Err(error(input.span(), "expected an option", help));
        };
        let word = option.to_string();
        if !words::OPTIONS.contains(&word.as_str()) {
            let help = words::expected_list(&word, words::OPTIONS);
            return Err(error(
                option.span(),
                format!("unknown option `{word}`"),
                help,
            ));
        }
        if seen.contains(&option) {
            return Err(error(
                option.span(),
                format!("`{word}` is given twice"),
                "remove one of the two",
            ));
        }
        seen.push(option.clone());
        if input.peek(Token![:]) {
            return Err(error(
                input.span(),
                "expected `=`",
                format!("write `{word} = ..`"),
            ));
        }
        let given = input.parse::<Option<Token![=]>>()?.is_some();
        let is_flag = matches!(word.as_str(), "trap_exit" | "inline_casts" | "last_message");
        if !is_flag && (!given || input.is_empty() || input.peek(Token![,])) {
            return Err(error(
                option.span(),
                format!("`{word}` needs a value"),
                example(&word),
            ));
        }
        match word.as_str() {
            "name" => self.name = Some(values::expression(input)?),
            "restart" => self.restart = Some(values::restart(input)?),
            "shutdown" => self.shutdown = Some(Shutdown::parse(input)?),
            "trap_exit" => self.trap_exit = Some(values::flag(input, &option, given)?),
            "mailbox" => self.mailbox = Some(mailbox(input)?),
            "client" => self.client = Some(client(input)?),
            "crate" => self.krate = Some(crate_path(input)?),
            "inline" => self.inline = Some(inline(input)?),
            "inline_casts" => self.inline_casts = Some(values::flag(input, &option, given)?),
            _ => self.last_message = Some(values::flag(input, &option, given)?),
        }
        Ok(())
    }
}

fn client(input: ParseStream<'_>) -> syn::Result<(Visibility, Ident)> {
    let vis = input.parse()?;
    let found = input.span();
    let what = "expected the name of the client type";
    input
        .parse()
        .map(|name| (vis, name))
        .map_err(|_| error(found, what, "write `client = pub MyClient`, for example"))
}

fn mailbox(input: ParseStream<'_>) -> syn::Result<Mailbox> {
    let ahead = input.fork();
    if ahead
        .call(Ident::parse_any)
        .is_ok_and(|word| word == "unbounded")
    {
        input.parse::<Ident>()?;
        return Ok(Mailbox::Unbounded);
    }
    values::number(input, "mailbox", 1).map(Mailbox::Bounded)
}

fn inline(input: ParseStream<'_>) -> syn::Result<Ident> {
    let word = values::one_of(input, "way to run in place", &["auto", "never", "always"])?;
    let variant = match word.to_string().as_str() {
        "never" => "Never",
        "always" => "Always",
        _ => "Auto",
    };
    Ok(Ident::new(variant, Span::call_site()))
}

/// An absolute path: a relative one would mean something else in every module.
fn crate_path(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let path = Path::parse_mod_style(input)?;
    let first = path
        .segments
        .first()
        .map(|segment| segment.ident.to_string())
        .unwrap_or_default();
    if path.leading_colon.is_some() || first == "crate" || first == "$crate" {
        return Ok(path.into_token_stream());
    }
    let text = path.to_token_stream().to_string().replace(' ', "");
    Err(error(
        syn::spanned::Spanned::span(&path),
        format!("`{text}` is not an absolute path"),
        format!(
            "write `crate = ::{text}` for a dependency, `crate = crate::{text}` for a module of this crate"
        ),
    ))
}

fn example(option: &str) -> String {
    let value = match option {
        "name" => "\"cache\"",
        "restart" => "transient",
        "shutdown" => "10s",
        "mailbox" => "256",
        "client" => "pub MyClient",
        "crate" => "::suptree",
        _ => "auto",
    };
    format!("write `{option} = {value}`, for example")
}
