//! The values of options: from tokens to what the output needs, with an error at the token otherwise.

use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Lit, LitBool, LitInt, Path, Token};

use crate::code;
use crate::diag::{error, error_at};
use crate::words;

/// How long a child has to stop.
pub(crate) enum Shutdown {
    /// `brutal_kill`
    BrutalKill,
    /// `infinity`
    Infinity,
    /// `10s`, or an expression of type `Duration`
    Timeout(TokenStream),
}

impl Shutdown {
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        type Made = fn() -> Shutdown;
        const WORDS: &[(&str, Made)] = &[
            ("brutal_kill", || Shutdown::BrutalKill),
            ("infinity", || Shutdown::Infinity),
        ];
        let meant = lone_word(input).is_some_and(|word| {
            let word = word.to_string();
            words::closest(&word, &first(WORDS)).is_some()
        });
        if meant {
            let (_, shutdown) = one_of(input, "shutdown", WORDS)?;
            return Ok(shutdown());
        }
        duration(input).map(Self::Timeout)
    }

    /// A word that stands in the place of a time.
    pub(crate) fn stray_word(&self) -> Option<Ident> {
        match self {
            Self::Timeout(time) => stray_word(time),
            Self::BrutalKill | Self::Infinity => None,
        }
    }

    /// What to write for such a word.
    pub(crate) const HOW: &str = "write `brutal_kill`, `infinity`, or a time such as `10s`";

    /// As an expression of `suptree::Shutdown`.
    pub(crate) fn tokens(&self, krate: &TokenStream) -> TokenStream {
        match self {
            Self::BrutalKill => quote!(#krate::Shutdown::BrutalKill),
            Self::Infinity => quote!(#krate::Shutdown::Infinity),
            Self::Timeout(time) => quote!(#krate::Shutdown::Timeout(#time)),
        }
    }
}

/// A word that was meant for one of ours. Another in small letters may be a constant.
pub(crate) fn stray_word(value: &TokenStream) -> Option<Ident> {
    small_word(value).filter(|word| words::closest(&word.to_string(), words::VALUES).is_some())
}

/// A word that is neither written as a constant nor in a path.
pub(crate) fn small_word(value: &TokenStream) -> Option<Ident> {
    let mut tokens = value.clone().into_iter();
    let word = match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(word)), None) => word,
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            return small_word(&group.stream());
        }
        _ => return None,
    };
    let text = word.to_string();
    let is_small = text.starts_with(|first: char| first.is_ascii_lowercase())
        && !text.contains(char::is_uppercase);
    let is_name = syn::parse2::<Ident>(word.to_token_stream()).is_ok();
    (is_small && is_name).then_some(word)
}

/// An error for such a word, where one of these was expected.
pub(crate) fn no_stray_word(value: &TokenStream, what: &str, help: &str) -> syn::Result<()> {
    stray_word(value).map_or(Ok(()), |word| Err(unknown_word(&word, what, help)))
}

/// What stands in the place of a word or a time.
pub(crate) fn unknown_word(word: &Ident, what: &str, help: &str) -> syn::Error {
    let what = format!("unknown {what} `{word}`");
    error(code::UNKNOWN_VALUE, word.span(), what, help)
}

/// `infinity`, `30s`, or an expression of type `Duration`; gives an expression of type `Option<Duration>`.
pub(crate) fn timeout(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    const WORDS: &[(&str, ())] = &[("infinity", ())];
    let meant = lone_word(input)
        .is_some_and(|word| words::closest(&word.to_string(), &first(WORDS)).is_some());
    if meant {
        one_of(input, "timeout", WORDS)?;
        return Ok(quote!(::core::option::Option::None));
    }
    let expression = expression(input)?;
    if known_millis(&expression) == Some(0) {
        return Err(error_at(
            code::NO_TIME,
            expression,
            "a call waits for longer than no time at all",
            "write `30s`, for example; what nobody waits for is a `#[cast]`",
        ));
    }
    let time = duration_of(expression)?;
    no_stray_word(
        &time,
        "timeout",
        "write `infinity`, or a time such as `30s`",
    )?;
    Ok(quote!(::core::option::Option::Some(#time)))
}

/// `100ms..10s`, as an expression of type `Backoff`, or such an expression.
pub(crate) fn backoff(input: ParseStream<'_>, krate: &TokenStream) -> syn::Result<TokenStream> {
    const HOW: &str = "write `100ms..10s`: the first wait, and the longest";
    let expression = expression(input)?;
    if literal(&expression).is_some() {
        return Err(error_at(
            code::BACKOFF,
            expression,
            "a back-off has a first wait and a longest one",
            HOW,
        ));
    }
    let Expr::Range(range) = expression else {
        return Ok(expression.into_token_stream());
    };
    let (Some(min), Some(max)) = (&range.start, &range.end) else {
        return Err(error_at(
            code::BACKOFF,
            range,
            "a back-off has a first wait and a longest one",
            HOW,
        ));
    };
    if let (Some(first), Some(longest)) = (known_millis(min), known_millis(max))
        && first > longest
    {
        return Err(error_at(
            code::BACKOFF,
            range,
            "the first wait is longer than the longest",
            "write the shorter time first",
        ));
    }
    let (min, max) = (duration_of((**min).clone())?, duration_of((**max).clone())?);
    Ok(quote!(#krate::Backoff::new(#min, #max)))
}

/// How long a literal time is.
fn known_millis(expression: &Expr) -> Option<u64> {
    match literal(expression)? {
        Lit::Int(number) => unit(number.suffix())?.checked_mul(number.base10_parse().ok()?),
        _ => None,
    }
}

/// `permanent`, `transient` or `temporary`, as the variant of `Restart`.
pub(crate) fn restart(input: ParseStream<'_>) -> syn::Result<Ident> {
    const TYPES: &[(&str, &str)] = &[
        ("permanent", "Permanent"),
        ("transient", "Transient"),
        ("temporary", "Temporary"),
    ];
    let (_, variant) = one_of(input, "restart type", TYPES)?;
    Ok(Ident::new(variant, Span::call_site()))
}

/// One of these words, and what stands beside it.
pub(crate) fn one_of<T: Copy>(
    input: ParseStream<'_>,
    what: &str,
    known: &[(&str, T)],
) -> syn::Result<(Ident, T)> {
    let found = input.span();
    let Ok(word) = input.call(Ident::parse_any) else {
        return Err(error(
            code::UNKNOWN_VALUE,
            found,
            format!("expected a {what}"),
            words::expected("", &first(known)),
        ));
    };
    match known.iter().find(|(known, _)| word == known) {
        Some((_, value)) => Ok((word, *value)),
        None => Err(error(
            code::UNKNOWN_VALUE,
            word.span(),
            format!("unknown {what} `{word}`"),
            words::expected(&word.to_string(), &first(known)),
        )),
    }
}

fn first<'a, T>(known: &[(&'a str, T)]) -> Vec<&'a str> {
    known.iter().map(|(word, _)| *word).collect()
}

/// What `flag` alone, `flag = true` and `flag = false` say.
pub(crate) fn flag(input: ParseStream<'_>, option: &Ident, given: bool) -> syn::Result<bool> {
    if !given {
        return Ok(true);
    }
    on_or_off(input, option, "write `{}` or `{} = false`")
}

/// What `flag: true` and `flag: false` say.
pub(crate) fn entry_flag(input: ParseStream<'_>, option: &Ident) -> syn::Result<bool> {
    on_or_off(input, option, "write `{}: true`, or leave it out")
}

/// `help`: with `{}` where the option stands.
fn on_or_off(input: ParseStream<'_>, option: &Ident, help: &str) -> syn::Result<bool> {
    let found = input.span();
    match input.parse::<LitBool>() {
        Ok(value) => Ok(value.value),
        Err(_) => Err(error(
            code::ON_OR_OFF,
            found,
            format!("`{option}` is either on or off"),
            help.replace("{}", &option.to_string()),
        )),
    }
}

/// A number known here, checked against the least it may be, or an expression.
pub(crate) fn number(input: ParseStream<'_>, what: &str, least: u64) -> syn::Result<Expr> {
    let expression = expression(input)?;
    if let Some(word) = stray_word(&expression.to_token_stream())
        && word == "infinity"
    {
        return Err(error(
            code::UNKNOWN_VALUE,
            word.span(),
            "`infinity` is a time, and no number",
            "write a number such as `5`",
        ));
    }
    match literal(&expression) {
        Some(Lit::Int(number))
            if !number.suffix().is_empty() && unit(number.suffix()).is_some() =>
        {
            Err(error(
                code::NUMBER,
                number.span(),
                format!("`{what}` is a plain number, not a time"),
                format!("write `{}`", number.base10_digits()),
            ))
        }
        Some(Lit::Int(number)) => match number.base10_parse::<u64>() {
            Ok(value) if value < least => Err(error(
                code::NUMBER,
                number.span(),
                format!("`{what}` is at least {least}"),
                format!("write `{least}` or more"),
            )),
            _ => Ok(expression),
        },
        Some(other) => Err(error(
            code::NUMBER,
            other.span(),
            format!("`{what}` is a number"),
            "write a number such as `5`",
        )),
        None if is_negative(&expression) => Err(error_at(
            code::NUMBER,
            expression,
            format!("`{what}` cannot be negative"),
            format!("write `{least}` or more"),
        )),
        None => Ok(expression),
    }
}

/// A time such as `10s`, longer than none at all, or an expression of type `Duration`. One that is a constant is looked at while
/// compiling, any other when it is used.
pub(crate) fn period(input: ParseStream<'_>, krate: &TokenStream) -> syn::Result<TokenStream> {
    let expression = expression(input)?;
    if !input.is_empty() {
        let rest: TokenStream = input.parse()?;
        return Err(error_at(
            code::PERIOD,
            rest,
            "unexpected after the period",
            "write one time, as in `60s`",
        ));
    }
    if known_millis(&expression) == Some(0) {
        return Err(error_at(
            code::NO_TIME,
            expression,
            "a period is longer than zero",
            "write `1s`, for example; what is to be done again at once continues with itself, by `cx.then()`",
        ));
    }
    no_stray_word(
        &expression.to_token_stream(),
        "period",
        "write a time such as `60s`",
    )?;
    if let Expr::Path(constant) = &expression {
        return Ok(quote!(const { #krate::__private::period(#constant) }));
    }
    duration_of(expression)
}

/// How long a server waits for a message: a time such as `30s`, or an expression of type `Duration`.
pub(crate) fn idle(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let expression = expression(input)?;
    match stray_word(&expression.to_token_stream()) {
        Some(word) if word == "infinity" => {
            let how = "remove the option: without it a server waits for ever";
            return Err(unknown_word(&word, "time", how));
        }
        Some(word) => return Err(unknown_word(&word, "time", "write a time such as `30s`")),
        None => {}
    }
    if known_millis(&expression) == Some(0) {
        return Err(error_at(
            code::NO_TIME,
            expression,
            "nobody can wait no time at all",
            "write `1s`, for example; what is to be done at once is `cx.then()`",
        ));
    }
    duration_of(expression)
}

/// `10s`, `500ms`, `5m`, `1h`, or an expression of type `Duration`; gives such an expression.
fn duration(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    duration_of(expression(input)?)
}

fn duration_of(expression: Expr) -> syn::Result<TokenStream> {
    if is_negative(&expression) {
        return Err(error_at(
            code::TIME_RANGE,
            expression,
            "a time cannot be negative",
            "write `0s` for no time at all",
        ));
    }
    match literal(&expression) {
        Some(Lit::Int(number)) => whole(number),
        Some(Lit::Float(number)) => match unit(number.suffix()) {
            Some(unit) => fraction(number.base10_digits(), unit, number.span()),
            None => Err(no_unit(
                number.span(),
                number.suffix(),
                number.base10_digits(),
            )),
        },
        Some(other) => Err(error(
            code::TIME,
            other.span(),
            "expected a time",
            "write `10s`, `500ms`, `5m`, or a `Duration`",
        )),
        None => Ok(expression.into_token_stream()),
    }
}

fn whole(number: &LitInt) -> syn::Result<TokenStream> {
    let span = number.span();
    let Some(unit) = unit(number.suffix()) else {
        return Err(no_unit(span, number.suffix(), number.base10_digits()));
    };
    let value = number.base10_parse::<u64>().map_err(|_| too_long(span))?;
    let millis = value
        .checked_mul(unit)
        .filter(|&millis| millis <= LONGEST)
        .ok_or_else(|| too_long(span))?;
    let seconds = Literal::u64_unsuffixed(millis / 1000);
    let millis = Literal::u64_unsuffixed(millis);
    Ok(if unit == 1 {
        quote_spanned!(span=> ::core::time::Duration::from_millis(#millis))
    } else {
        quote_spanned!(span=> ::core::time::Duration::from_secs(#seconds))
    })
}

fn fraction(digits: &str, unit: u64, span: Span) -> syn::Result<TokenStream> {
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    let micros = match digits.parse::<f64>() {
        Ok(value) if value * unit as f64 <= LONGEST as f64 => {
            (value * unit as f64 * 1000.0).round() as u64
        }
        _ => return Err(too_long(span)),
    };
    let micros = Literal::u64_unsuffixed(micros);
    Ok(quote_spanned!(span=> ::core::time::Duration::from_micros(#micros)))
}

/// A hundred years, in milliseconds.
const LONGEST: u64 = 100 * 365 * 24 * 3600 * 1000;

fn unit(suffix: &str) -> Option<u64> {
    match suffix {
        "ms" => Some(1),
        "s" => Some(1000),
        "m" => Some(60 * 1000),
        "h" => Some(3600 * 1000),
        _ => None,
    }
}

fn no_unit(span: Span, suffix: &str, digits: &str) -> syn::Error {
    let what = if suffix.is_empty() {
        "a time needs a unit".to_owned()
    } else {
        format!("`{suffix}` is no unit of time")
    };
    let days = ["d", "day", "days"].contains(&suffix);
    let meant = match digits.parse::<u32>() {
        Ok(count) if days => format!("{}h", u64::from(count) * 24),
        // OTP counts in milliseconds: a number like 5000 was meant so.
        Ok(_) if suffix.is_empty() && digits.len() > 3 => format!("{digits}ms"),
        Ok(_) | Err(_) => {
            let unit = words::UNITS.iter().find(|(word, _)| *word == suffix);
            format!("{digits}{}", unit.map_or("s", |(_, unit)| unit))
        }
    };
    error(
        code::TIME,
        span,
        what,
        format!("write `{meant}`; there are `ms`, `s`, `m` and `h`"),
    )
}

fn too_long(span: Span) -> syn::Error {
    error(
        code::TIME_RANGE,
        span,
        "this time is longer than a hundred years",
        "`infinity` waits for ever",
    )
}

fn literal(expression: &Expr) -> Option<&Lit> {
    match expression {
        Expr::Lit(literal) => Some(&literal.lit),
        Expr::Group(group) => literal(&group.expr),
        _ => None,
    }
}

fn is_negative(expression: &Expr) -> bool {
    matches!(expression, Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) && literal(&unary.expr).is_some())
}

/// An expression without the braces that only hold it together: `{ expression }`.
pub(crate) fn expression(input: ParseStream<'_>) -> syn::Result<Expr> {
    let expression = input.parse::<Expr>()?;
    if let Expr::Block(block) = &expression
        && let [syn::Stmt::Expr(inner, None)] = &*block.block.stmts
        && block.attrs.is_empty()
        && block.label.is_none()
    {
        return Ok(inner.clone());
    }
    Ok(expression)
}

/// The next token if it is a word and the whole value.
fn lone_word(input: ParseStream<'_>) -> Option<Ident> {
    let ahead = input.fork();
    let word = ahead.call(Ident::parse_any).ok()?;
    (ahead.is_empty() || ahead.peek(Token![,])).then_some(word)
}

/// An absolute path: a relative one would mean something else in every module.
pub(crate) fn crate_path(input: ParseStream<'_>) -> syn::Result<TokenStream> {
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
        code::CRATE_PATH,
        syn::spanned::Spanned::span(&path),
        format!("`{text}` is not an absolute path"),
        format!(
            "write `crate = ::{text}` for a dependency, `crate = crate::{text}` for a module of this crate"
        ),
    ))
}
