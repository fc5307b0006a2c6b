//! The hooks: from `#[init]`, `#[exit]`, `#[down]`, `#[timeout]`, `#[hibernate]`, `#[terminate]` and `#[format_status]` to the
//! callbacks of `GenServer`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ReturnType;

use crate::genserver::expand::scope::{Scope, call_at_return_type};
use crate::genserver::model::{Function, Value};
use crate::genserver::role::Own;
use crate::tokens::respan;
use crate::types;

/// `type Args`: `()`, the type of the only argument of `#[init]`, or a tuple. An error about one is shown there.
pub(crate) fn args_type(scope: &Scope<'_>) -> TokenStream {
    let values = scope.server.init_values();
    let types: Vec<_> = values
        .iter()
        .map(|value| sound_type(scope, value))
        .collect();
    let args = if let [only] = &*types {
        only.clone()
    } else {
        quote!((#(#types),*))
    };
    match values.first() {
        Some(first) => quote_spanned!(types::span(&first.ty)=> type Args = #args;),
        None => quote!(type Args = #args;),
    }
}

fn sound_type(scope: &Scope<'_>, value: &Value) -> TokenStream {
    if types::obstacle(&value.ty).is_some() {
        quote!(())
    } else {
        scope.in_message(&value.ty)
    }
}

/// `async fn init`: calls the user's, or takes the default.
pub(crate) fn init(scope: &Scope<'_>) -> TokenStream {
    let Scope {
        server,
        krate,
        self_ty,
        ..
    } = scope;
    let cx = scope.cx_param(
        server
            .hooks
            .init
            .as_ref()
            .is_some_and(Function::takes_context)
            || server.own(Own::Every).next().is_some(),
    );
    let values = server.init_values();
    let (args, state) = match &server.hooks.init {
        Some(function) if function.broken => (quote!(_args), quote!(::core::unreachable!())),
        Some(function) => {
            let args = if values.is_empty() {
                quote!(_args)
            } else {
                quote!(args)
            };
            (args, initial_state(scope, function, &values))
        }
        None => {
            let state = quote!(<#self_ty as #krate::__private::InitialState>::initial_state());
            (quote!(_args), quote!(::core::result::Result::Ok(#state)))
        }
    };
    let ticks = ticks(scope);
    let diverges = server.hooks.init.as_ref().is_some_and(Function::diverges);
    let state = if ticks.is_empty() || diverges {
        state
    } else {
        quote! {
            let state = { #state };
            if ::core::result::Result::is_ok(&state) {
                #(#ticks)*
            }
            state
        }
    };
    quote! {
        async fn init(
            #args: Self::Args,
            #cx: &mut #krate::Context<Self>,
        ) -> ::core::result::Result<Self, #krate::ExitReason> {
            #state
        }
    }
}

/// Sets the timer of each `#[every]`, which begins when the state is there.
fn ticks(scope: &Scope<'_>) -> Vec<TokenStream> {
    let Scope {
        server, krate, cx, ..
    } = scope;
    let infos = &server.names.info;
    let sound = server
        .own(Own::Every)
        .filter(|handler| !handler.function.broken);
    let ticks = sound.filter_map(|handler| {
        let (variant, cfg) = (&handler.variant, handler.function.carried.cfg());
        let period = handler.function.period.as_ref()?;
        Some(quote! {
            #cfg
            #krate::__private::every(
                #cx,
                #period,
                |()| #krate::__private::Message::Info(#infos::#variant),
            );
        })
    });
    ticks.collect()
}

fn initial_state(scope: &Scope<'_>, function: &Function, values: &[&Value]) -> TokenStream {
    let krate = scope.krate;
    let name = function.name_elsewhere();
    let unpack = (values.len() > 1).then(|| {
        let names = values.iter().map(|value| &value.name);
        quote!(let (#(#names),*) = args;)
    });
    let arguments = scope.arguments(function, |_, name| {
        if unpack.is_some() {
            quote!(#name)
        } else {
            quote!(args)
        }
    });
    let state = scope.awaited(function, quote!(Self::#name(#(#arguments),*)));
    let state = match &function.signature.output {
        ReturnType::Type(_, ty) if types::is_self(ty) => quote!(::core::result::Result::Ok(#state)),
        _ if function.diverges() => state,
        output => call_at_return_type(
            output,
            &quote!(#krate::__private::IntoInit::<Self>::into_init(#state)),
        ),
    };
    quote!(#unpack #state)
}

/// A hook of something that has happened to the server: the callback, and what it is told.
struct Event<'a> {
    hooks: &'a [Function],
    /// In `Hears`.
    word: &'static str,
    callback: &'static str,
    told: Vec<(&'static str, TokenStream)>,
    /// How the types of these are written.
    types: &'static [&'static str],
}

fn events<'a>(scope: &Scope<'a>) -> [Event<'a>; 3] {
    let Scope { server, krate, .. } = scope;
    let hooks = &server.hooks;
    [
        Event {
            hooks: &hooks.exit,
            word: "exit",
            callback: "handle_exit",
            told: vec![
                ("from", quote!(#krate::Pid)),
                ("reason", quote!(#krate::ExitReason)),
            ],
            types: &["Pid", "ExitReason"],
        },
        Event {
            hooks: &hooks.down,
            word: "down",
            callback: "handle_down",
            told: vec![("down", quote!(#krate::Down))],
            types: &["Down"],
        },
        Event {
            hooks: &hooks.timeout,
            word: "timeout",
            callback: "handle_timeout",
            told: Vec::new(),
            types: &[],
        },
    ]
}

/// `const HEARS`: which of the callbacks there are. One that is conditional counts.
pub(crate) fn hears(scope: &Scope<'_>) -> TokenStream {
    let krate = scope.krate;
    let heard = events(scope)
        .into_iter()
        .filter(|event| !event.hooks.is_empty());
    let heard = heard.map(|event| format_ident!("{}", event.word));
    quote! {
        const HEARS: #krate::__private::Hears = #krate::__private::Hears::NOTHING #(.#heard())*;
    }
}

/// `handle_exit`, `handle_down`, `handle_timeout`: each where there is a hook for it.
pub(crate) fn event_callbacks(scope: &Scope<'_>) -> TokenStream {
    let events = events(scope).into_iter();
    events
        .flat_map(|event| {
            sound(event.hooks).map(move |function| event_callback(scope, &event, function))
        })
        .collect()
}

/// Those without a mistake.
fn sound(functions: &[Function]) -> impl Iterator<Item = &Function> {
    functions.iter().filter(|function| !function.broken)
}

fn event_callback(scope: &Scope<'_>, event: &Event<'_>, function: &Function) -> TokenStream {
    let krate = scope.krate;
    let (name, cfg) = (function.name_elsewhere(), function.carried.cfg());
    let callback = format_ident!("{}", event.callback);
    let is_told = function.values().next().is_some();
    let told = event.told.iter().map(|(name, _)| format_ident!("{name}"));
    let told = told
        .map(|name| quote!(#name))
        .zip(event.types.iter().copied());
    let told: Vec<_> = told.collect();
    let arguments = hook_arguments(scope, function, &told);
    let otherwise = told_otherwise(scope, function, &told);
    let params = event.told.iter().map(|(name, ty)| {
        let name = if is_told {
            format_ident!("{name}")
        } else {
            format_ident!("_{name}")
        };
        quote!(#name: #ty,)
    });
    let cx = scope.cx_param(function.takes_context());
    let wrap = |call| quote!(#krate::__private::Outcome::into_result(#call));
    let outcome = scope.outcome(function, quote!(Self::#name(self, #(#arguments),*)), &wrap);
    quote! {
        #cfg
        async fn #callback(
            &mut self,
            #(#params)*
            #cx: &mut #krate::Context<Self>,
        ) -> ::core::result::Result<(), #krate::ExitReason> {
            #otherwise
            #outcome
        }
    }
}

/// `hibernate`, which never waits.
pub(crate) fn hibernate(scope: &Scope<'_>) -> TokenStream {
    let Scope { server, krate, .. } = scope;
    let hooks = sound(&server.hooks.hibernate).map(|function| {
        let (name, cfg) = (function.name_elsewhere(), function.carried.cfg());
        let arguments = hook_arguments(scope, function, &[]);
        let cx = scope.cx_param(function.takes_context());
        quote! {
            #cfg
            fn hibernate(&mut self, #cx: &mut #krate::Context<Self>) {
                Self::#name(self, #(#arguments),*)
            }
        }
    });
    hooks.collect()
}

/// `terminate`, or `try_terminate` where it does not wait: for a plain `fn`, and without a hook in a server in which other
/// things wait.
pub(crate) fn terminate(scope: &Scope<'_>, anything_waits: bool) -> TokenStream {
    let Scope { server, krate, .. } = scope;
    let hooks = &server.hooks.terminate;
    if hooks.is_empty() && anything_waits {
        return quote! {
            fn try_terminate(&mut self, _reason: &#krate::ExitReason, _cx: &mut #krate::Context<Self>) -> ::core::primitive::bool {
                true
            }
        };
    }
    sound(hooks)
        .map(|function| terminate_hook(scope, function))
        .collect()
}

fn terminate_hook(scope: &Scope<'_>, function: &Function) -> TokenStream {
    let krate = scope.krate;
    let (name, cfg) = (function.name_elsewhere(), function.carried.cfg());
    let told = [(quote!(reason), "&ExitReason")];
    let arguments = hook_arguments(scope, function, &told);
    let otherwise = told_otherwise(scope, function, &told);
    let cx = scope.cx_param(function.takes_context());
    let call = scope.awaited(function, quote!(Self::#name(self, #(#arguments),*)));
    let reason = if function.values().next().is_some() {
        quote!(reason)
    } else {
        quote!(_reason)
    };
    let params = quote!(&mut self, #reason: &#krate::ExitReason, #cx: &mut #krate::Context<Self>);
    if function.is_async() {
        quote! {
            #cfg
            async fn terminate(#params) {
                #otherwise
                #call
            }
        }
    } else {
        // Behind what never returns there is nothing to say.
        let ended = (!function.diverges()).then(|| quote!(; true));
        quote! {
            #cfg
            fn try_terminate(#params) -> ::core::primitive::bool {
                #otherwise
                #call
                #ended
            }
        }
    }
}

pub(crate) fn format_status(scope: &Scope<'_>) -> TokenStream {
    let Scope { server, krate, .. } = scope;
    let hooks = sound(&server.hooks.format_status).map(|function| {
        let (name, cfg) = (function.name_elsewhere(), function.carried.cfg());
        let told = [(quote!(status), "&mut FormatStatus")];
        let arguments = hook_arguments(scope, function, &told);
        let otherwise = told_otherwise(scope, function, &told);
        quote! {
            #cfg
            fn format_status(&self, status: &mut #krate::FormatStatus) {
                #otherwise
                Self::#name(self, #(#arguments),*);
            }
        }
    });
    hooks.collect()
}

/// What a hook is given; an error about one is shown at the type of its argument.
fn hook_arguments(
    scope: &Scope<'_>,
    function: &Function,
    given: &[(TokenStream, &str)],
) -> Vec<TokenStream> {
    let types: Vec<_> = function
        .values()
        .map(|value| types::span(&value.ty))
        .collect();
    scope.arguments(function, |nth, _| match (given.get(nth), types.get(nth)) {
        (Some((given, _)), Some(span)) => respan(given, *span),
        _ => TokenStream::new(),
    })
}

/// `let reason = TakesTold::take(reason);`, for each whose type is not written as it is called: it may be the same by another name, and if it
/// is not, this has the words for it.
fn told_otherwise(
    scope: &Scope<'_>,
    function: &Function,
    given: &[(TokenStream, &str)],
) -> TokenStream {
    let krate = scope.krate;
    let values = function.values().zip(given);
    values
        .filter(|(value, (_, name))| !types::is_called(&value.ty, name))
        .map(|(value, (given, _))| {
            let told = quote!(let #given = #krate::__private::TakesTold::take(#given););
            respan(&told, types::span(&value.ty))
        })
        .collect()
}
