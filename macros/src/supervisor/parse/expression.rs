//! Children that are said by an expression: a specification, and a task.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::{Expr, ExprPath, Token, Type, TypePath, token};

use crate::code;
use crate::diag::{Errors, error, error_at};
use crate::supervisor::model::{Args, Form, Options};
use crate::supervisor::parse::child::renamed;
use crate::supervisor::parse::child_options::{braces, option};
use crate::supervisor::parse::child_type::named_by;
use crate::tokens::text;

const FORMS: &str = "write `MyServer`, `MyServer(arguments)` or `MyServer as name`";

/// `Metrics::child_spec(9000) as metrics { restart: transient }`: what stands before `as` is an expression.
pub(super) fn specification(
    input: ParseStream<'_>,
    options: &mut Options,
    errors: &mut Errors,
) -> syn::Result<(Form, Ident)> {
    let begin = input.span();
    let ahead = input.fork();
    let mut tokens = TokenStream::new();
    while !ahead.is_empty() && !ahead.peek(Token![,]) && !names_a_child(&ahead) {
        tokens.extend([ahead.parse::<TokenTree>()?]);
    }
    let starts = |token: TokenTree| match token {
        TokenTree::Ident(_) | TokenTree::Group(_) => true,
        // `::my_crate::spec()`
        TokenTree::Punct(punct) => punct.as_char() == ':',
        TokenTree::Literal(_) => false,
    };
    let expression = match syn::parse2::<Expr>(tokens.clone()) {
        Ok(expression) if !matches!(expression, Expr::Tuple(_) | Expr::Array(_)) => expression,
        _ => return Err(error(code::CHILD, begin, "expected a child", FORMS)),
    };
    if !tokens.into_iter().next().is_some_and(starts) {
        return Err(error(code::CHILD, begin, "expected a child", FORMS));
    }
    input.advance_to(&ahead);
    if let Some((ty, args)) = started(&expression) {
        let values = args_text(&args);
        errors.at(
            code::CHILD,
            &expression,
            "a child is listed, and its supervisor starts it",
            format!("write `{}{values}`", text(&ty)),
        );
        let id = match renamed(input, errors)? {
            Some(id) => id,
            None => named_by(&ty)?,
        };
        braces(input, errors, |entry, errors, seen| {
            option(entry, options, seen, errors)
        })?;
        return Ok((Form::Type { ty, args }, id));
    }
    let Some(id) = renamed(input, errors)? else {
        return Err(error_at(
            code::CHILD_NAME,
            expression,
            "this child needs a name",
            "write `.. as my_name`",
        ));
    };
    braces(input, errors, |entry, errors, seen| {
        option(entry, options, seen, errors)
    })?;
    Ok((Form::Spec(expression), id))
}

/// `Counter::start_link(1)`: what was meant.
fn started(expression: &Expr) -> Option<(Type, Args)> {
    let Expr::Call(call) = expression else {
        return None;
    };
    let Expr::Path(ExprPath { qself, path, .. }) = &*call.func else {
        return None;
    };
    let function = path.segments.last()?;
    let starts = function.ident == "start_link" || function.ident == "start";
    if !starts || qself.is_some() || path.segments.len() < 2 {
        return None;
    }
    let mut path = path.clone();
    path.segments.pop();
    path.segments.pop_punct();
    let ty = Type::Path(TypePath {
        attrs: Vec::new(),
        qself: None,
        path,
    });
    let expressions: Vec<_> = call.args.iter().cloned().collect();
    let args = if expressions.is_empty() {
        Args::None
    } else {
        Args::Some(expressions, call.paren_token.span.join())
    };
    Some((ty, args))
}

fn args_text(args: &Args) -> String {
    match args {
        Args::Some(expressions, _) => {
            let expressions: Vec<_> = expressions.iter().map(text).collect();
            format!("({})", expressions.join(", "))
        }
        Args::None | Args::Partial(_) | Args::Broken => String::new(),
    }
}

/// `task accept: accept_loop(listener) { restart: transient }`
pub(super) fn task(
    input: ParseStream<'_>,
    options: &mut Options,
    errors: &mut Errors,
) -> syn::Result<(Form, Ident)> {
    input.call(Ident::parse_any)?;
    let id: Ident = input.parse()?;
    if input.parse::<Option<Token![:]>>()?.is_none() {
        return Err(error(
            code::NAMED_CHILD,
            input.span(),
            "expected `:` and a call of an `async fn`",
            format!("write `task {id}: my_function()`"),
        ));
    }
    let mut expression = Expr::parse_without_eager_brace(input)?;
    match &mut expression {
        // What it uses is its own: it is given clones.
        Expr::Async(block) => {
            block.capture.get_or_insert_default();
        }
        // The name would be the task's own.
        Expr::Path(function) if function.path.is_ident(&id) => {
            let what = format!("`{id}` is a function: a task is the future that it gives");
            let help = format!("call it: `task {id}: {id}()`");
            errors.push(error_at(code::NAMED_CHILD, &*function, what, help));
            expression = syn::parse_quote!(#function());
        }
        _ => {}
    }
    braces(input, errors, |entry, errors, seen| {
        option(entry, options, seen, errors)
    })?;
    Ok((Form::Task(expression), id))
}

/// Whether `as name` stands here, and the child ends with it.
fn names_a_child(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.parse::<Token![as]>().is_ok()
        && (ahead.parse::<Ident>().is_err()
            || ahead.is_empty()
            || ahead.peek(Token![,])
            || ahead.peek(token::Brace))
}
