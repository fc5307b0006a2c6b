//! A supervisor with a list of children: one field and one method for each.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Expr, Lit};

use crate::supervisor::expand::{allow, cfg, head, intensity, name, name_callback, own_id, reference_impls};
use crate::supervisor::model::{Args, Child, Supervisor};
use crate::tokens::respan;
use crate::types;

/// ```text
/// App { strategy: one_for_one,       struct App { supervisor: SupervisorRef, cache: <Cache as Child>::Handle }
///       children: [Cache] }          impl App { start_link, child_spec, cache }
///                                    impl Supervisor for App { vacant, supervisor, init }
///                                    impl Child for App
/// ```
pub(crate) fn expand(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, vis, ident, .. } = supervisor;
    let children: &[Child] = supervisor.fields.children.as_deref().unwrap_or_default();
    let own = own_field(children);
    let head = head(supervisor, &format!(" The supervisor `{ident}`, with a method for each of its children."));
    let fields = children.iter().map(|child| {
        let (id, cfg, handle) = (&child.id, child.carried.cfg(), handle(supervisor, child));
        quote!(#cfg #id: #handle)
    });
    let functions = functions(supervisor, children);
    let behaviour = behaviour(supervisor, children, &own);
    let reference_impls = reference_impls(supervisor, &own, &quote!(#krate::SupervisorRef));
    let (cfg, allow) = (cfg(supervisor), allow());
    quote! {
        #head
        #[derive(::core::clone::Clone)]
        #vis struct #ident {
            #own: #krate::SupervisorRef,
            #(#fields,)*
        }

        #cfg
        #allow
        const _: () = {
            #functions

            #behaviour
            #reference_impls
        };
    }
}

/// The field of the reference: `supervisor`, unless a child is called so.
fn own_field(children: &[Child]) -> Ident {
    let taken = children.iter().any(|child| child.id.unraw() == "supervisor");
    Ident::new(if taken { "__supervisor" } else { "supervisor" }, Span::call_site())
}

/// `<Cache as Child>::Handle`, shown at the child's type.
fn handle(supervisor: &Supervisor, child: &Child) -> TokenStream {
    let as_child = as_child(supervisor, child);
    let span = types::span(&child.ty);
    quote_spanned!(span=> #as_child::Handle)
}

fn as_child(supervisor: &Supervisor, child: &Child) -> TokenStream {
    let (krate, ty) = (&supervisor.krate, &child.ty);
    respan(&quote!(<#ty as #krate::Child>), types::span(ty))
}

fn functions(supervisor: &Supervisor, children: &[Child]) -> TokenStream {
    let Supervisor { krate, vis, ident, params, .. } = supervisor;
    let parameters: Vec<_> = params.iter().map(|(name, ty)| types::parameter(krate, name, ty)).collect();
    let args: Vec<_> = params.iter().map(|(name, ty)| types::given(krate, name, ty)).collect();
    let args = if let [only] = &*args { quote!(#only) } else { quote!((#(#args),*)) };
    let id = own_id(supervisor);
    let start_link = format!(" Starts the supervisor `{ident}` and its children, linked to the calling process.");
    let child_spec = format!(" How another supervisor starts, restarts and stops `{ident}`.");
    let named = name(supervisor).map(|name| {
        let docs = format!(" The supervisor of this name: whichever `{ident}` has it when it is asked.");
        quote! {
            #[doc = #docs]
            #[must_use]
            #vis fn named() -> #krate::SupervisorRef {
                #krate::SupervisorRef::named(#name)
            }
        }
    });
    let accessors = children.iter().map(|child| accessor(supervisor, child));
    quote! {
        impl #ident {
            #[doc = #start_link]
            #vis fn start_link(#(#parameters),*) -> #krate::StartSupervisor<Self> {
                #krate::start_link_supervisor::<Self>(#args)
            }

            #[doc = #child_spec]
            #vis fn child_spec(#(#parameters),*) -> #krate::ChildSpec {
                #krate::__private::child_spec::<Self>(#id, #args)
            }

            #named
            #(#accessors)*
        }
    }
}

/// `fn cache(&self) -> CacheClient`
fn accessor(supervisor: &Supervisor, child: &Child) -> TokenStream {
    let (vis, id, handle) = (&supervisor.vis, &child.id, handle(supervisor, child));
    let docs = child.carried.docs_or(&format!(" The child `{}`, also after it was restarted.", id.unraw()));
    let (cfg, marks) = (child.carried.cfg(), child.carried.marks());
    quote! {
        #docs
        #cfg
        #marks
        #[must_use]
        #vis fn #id(&self) -> #handle {
            ::core::clone::Clone::clone(&self.#id)
        }
    }
}

fn behaviour(supervisor: &Supervisor, children: &[Child], own: &Ident) -> TokenStream {
    let Supervisor { krate, ident, params, .. } = supervisor;
    let (names, types): (Vec<_>, Vec<_>) = params.iter().map(|(name, ty)| (name, ty)).unzip();
    let args_type = if let [only] = &*types { quote!(#only) } else { quote!((#(#types),*)) };
    let args = match &*names {
        [] => quote!(_args),
        [only] => quote!(#only),
        names => quote!((#(#names),*)),
    };
    let vacant = children.iter().map(|child| {
        let (id, cfg, as_child) = (&child.id, child.carried.cfg(), as_child(supervisor, child));
        quote!(#cfg #id: #as_child::vacant())
    });
    let name = name_callback(supervisor);
    let spec = spec(supervisor, children);
    quote! {
        impl #krate::Supervisor for #ident {
            type Args = #args_type;
            #name
            fn vacant() -> Self {
                Self { #own: #krate::SupervisorRef::vacant(), #(#vacant,)* }
            }

            fn supervisor(&self) -> &#krate::SupervisorRef {
                &self.#own
            }

            fn init(&self, #args: Self::Args) -> #krate::SupervisorSpec {
                #spec
            }
        }

        impl #krate::Child for #ident {
            type Args = <Self as #krate::Supervisor>::Args;
            type Handle = Self;

            fn vacant() -> Self {
                <Self as #krate::Supervisor>::vacant()
            }

            fn child_spec(
                handle: &Self,
                id: impl ::core::convert::Into<#krate::ChildId>,
                args: <Self as #krate::Supervisor>::Args,
            ) -> #krate::ChildSpec {
                #krate::__private::supervisor_child_spec::<Self>(handle, id, args)
            }
        }
    }
}

/// The flags and the children, as one chain; with conditional children, as a statement for each.
fn spec(supervisor: &Supervisor, children: &[Child]) -> TokenStream {
    let (krate, intensity) = (&supervisor.krate, intensity(supervisor));
    let new = quote!(#krate::SupervisorSpec::new(#krate::Strategy::OneForOne) #intensity);
    let specs = children.iter().map(|child| child_spec(supervisor, child));
    if children.iter().all(|child| child.carried.cfgs.is_empty()) {
        return quote!(#new #(.child(#specs))*);
    }
    let cfgs = children.iter().map(|child| child.carried.cfg());
    let spec = Ident::new("spec", Span::mixed_site());
    quote! {
        let #spec = #new;
        #(#cfgs let #spec = #spec.child(#specs);)*
        #spec
    }
}

/// `<Counter as Child>::child_spec(&self.low, "low", IntoArg::into_arg(1)).restart(..)`
fn child_spec(supervisor: &Supervisor, child: &Child) -> TokenStream {
    let (krate, as_child, id) = (&supervisor.krate, as_child(supervisor, child), &child.id);
    let text = id.unraw().to_string();
    let restart = child.restart.iter().map(|restart| quote!(.restart(#krate::Restart::#restart)));
    let shutdown = child.shutdown.iter().map(|shutdown| {
        let shutdown = shutdown.tokens(krate);
        quote!(.shutdown(#shutdown))
    });
    let args = match &child.args {
        Args::None => quote!(()),
        Args::Partial(tokens) => quote!((#tokens)),
        Args::Some(expressions) => {
            let given: Vec<_> = expressions.iter().map(|expression| given(krate, expression)).collect();
            if let [only] = &*given { only.clone() } else { quote!((#(#given),*)) }
        }
    };
    quote!(#as_child::child_spec(&self.#id, #text, #args) #(#restart)* #(#shutdown)*)
}

/// A text becomes whichever text the child wants; anything else is what it is, and may be coerced.
fn given(krate: &TokenStream, expression: &Expr) -> TokenStream {
    if is_text(expression) { quote!(#krate::IntoArg::into_arg(#expression)) } else { quote!(#expression) }
}

fn is_text(expression: &Expr) -> bool {
    match expression {
        Expr::Lit(literal) => matches!(literal.lit, Lit::Str(_)),
        // What `macro_rules!` puts around `$text`.
        Expr::Group(group) => is_text(&group.expr),
        _ => false,
    }
}
