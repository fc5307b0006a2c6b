//! A supervisor with a list of children: one field and one method for each.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use crate::supervisor::expand::children::{as_child, checks, required, spec};
use crate::supervisor::expand::functions::Functions;
use crate::supervisor::expand::{cfg, deref, head, name_callback};
use crate::supervisor::model::{Child, Supervisor};
use crate::types::{self, Parameters};

/// ```text
/// App { strategy: one_for_one,       struct App { cache: <Cache as Child>::Handle, supervisor: SupervisorRef }
///       children: [Cache] }          impl App { start_link, child_spec, cache }
///                                    impl Child for App { vacant, child_spec }
///                                    impl Supervisor for App { supervisor, init }
/// ```
///
/// A type that cannot be a child makes one error, at that type: the assertion makes it, and everything else takes it for
/// granted by a predicate, whose `for<..>` makes rustc believe even what is not so (rust#48214).
pub(crate) fn expand(supervisor: &Supervisor) -> TokenStream {
    let Supervisor {
        krate, vis, ident, ..
    } = supervisor;
    let children: &[Child] = supervisor.fields.children.as_deref().unwrap_or_default();
    let own = own_field(children);
    let head = head(
        supervisor,
        &format!(" The supervisor `{ident}`, with a method for each of its children."),
    );
    let fields = children.iter().map(|child| {
        let (id, cfg, handle) = (
            child.field(),
            child.carried.cfg(),
            handle(supervisor, child),
        );
        quote!(#cfg #id: #handle)
    });
    let required = required(supervisor, children);
    let functions = functions(supervisor, children, &required);
    let behaviour = behaviour(supervisor, children, &own, &required);
    let deref = deref(supervisor, &own, &quote!(#krate::SupervisorRef), &required);
    let checks = checks(supervisor, children);
    let cfg = cfg(supervisor);
    quote! {
        #head
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #vis struct #ident #required {
            #(#fields,)*
            #own: #krate::SupervisorRef,
        }

        #cfg
        const _: () = {
            type __Supervisor = #ident;

            #functions

            #behaviour
            #deref
            #checks
        };
    }
}

/// The field of the reference: `supervisor`, unless a child is called so.
fn own_field(children: &[Child]) -> Ident {
    let taken = children
        .iter()
        .any(|child| child.id.unraw() == "supervisor");
    Ident::new(
        if taken { "__supervisor" } else { "supervisor" },
        Span::call_site(),
    )
}

/// `<Cache as Child>::Handle`, shown at the child's type.
fn handle(supervisor: &Supervisor, child: &Child) -> TokenStream {
    let as_child = as_child(supervisor, child);
    let span = types::span(&child.ty);
    quote_spanned!(span=> #as_child::Handle)
}

fn functions(supervisor: &Supervisor, children: &[Child], required: &TokenStream) -> TokenStream {
    let Supervisor {
        krate,
        ident,
        params,
        ..
    } = supervisor;
    let parameters: Vec<_> = params.iter().map(|(name, ty)| (name, ty.clone())).collect();
    let args = given_args(supervisor);
    let functions = Functions {
        params: Parameters::new(krate, &parameters, quote!(#ident)),
        starts: format!("Starts the supervisor `{ident}` and its children"),
        start: (
            quote!(#krate::Start<Self>),
            quote!(#krate::start_link_supervisor::<Self>(#args)),
        ),
        named: (
            quote!(#krate::SupervisorRef),
            |krate, name| quote!(#krate::SupervisorRef::named(#name)),
        ),
        args,
    };
    let functions = functions.expand(supervisor);
    let accessors = children.iter().map(|child| accessor(supervisor, child));
    quote! {
        impl #ident #required {
            #functions
            #(#accessors)*
        }
    }
}

/// The arguments of the functions that start the supervisor, as one value.
pub(crate) fn given_args(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, params, .. } = supervisor;
    let args = params
        .iter()
        .map(|(name, ty)| types::given(krate, name, ty));
    match &*args.collect::<Vec<_>>() {
        [only] => only.clone(),
        args => quote!((#(#args),*)),
    }
}

/// `type Args = (Config, Limits);`
pub(crate) fn args_type(supervisor: &Supervisor) -> TokenStream {
    let types: Vec<_> = supervisor.params.iter().map(|(_, ty)| ty).collect();
    match &*types {
        [] => quote!(
            type Args = ();
        ),
        [only] => quote_spanned!(types::span(only)=> type Args = #only;),
        [first, ..] => quote_spanned!(types::span(first)=> type Args = (#(#types),*);),
    }
}

/// `fn cache(&self) -> CacheClient`
fn accessor(supervisor: &Supervisor, child: &Child) -> TokenStream {
    let (vis, id, handle) = (&supervisor.vis, child.field(), handle(supervisor, child));
    let docs = child.carried.docs_or(&format!(
        " The child `{}`, also after it was restarted.",
        id.unraw()
    ));
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

fn behaviour(
    supervisor: &Supervisor,
    children: &[Child],
    own: &Ident,
    required: &TokenStream,
) -> TokenStream {
    let Supervisor { krate, params, .. } = supervisor;
    let args_type = args_type(supervisor);
    // An argument that no child takes is nothing to rustc.
    let patterns = params.iter().map(|(name, _)| {
        let used = children.iter().any(|child| child.uses(name));
        if used { quote!(#name) } else { quote!(_) }
    });
    let args = match &*patterns.collect::<Vec<_>>() {
        [] => quote!(_args),
        [only] => only.clone(),
        patterns => quote!((#(#patterns),*)),
    };
    let vacant = children.iter().map(|child| {
        let (id, cfg, as_child) = (
            child.field(),
            child.carried.cfg(),
            as_child(supervisor, child),
        );
        quote!(#cfg #id: #as_child::vacant())
    });
    let name = name_callback(supervisor);
    let form = (params.len() > 1).then(|| quote!(<#krate::Each>));
    let spec = spec(supervisor, children);
    quote! {
        impl #krate::Child for __Supervisor #required {
            #args_type
            type Handle = Self;

            fn vacant() -> Self {
                Self { #(#vacant,)* #own: #krate::SupervisorRef::vacant() }
            }

            fn child_spec(
                handle: &Self,
                id: impl ::core::convert::Into<#krate::ChildId>,
                args: Self::Args,
            ) -> #krate::ChildSpec {
                #krate::Supervisor::as_child(handle, id, args)
            }
        }

        impl #krate::OnDemand for __Supervisor #required {
            type Given = #krate::Cloned #form;
        }

        impl #krate::Supervisor for __Supervisor #required {
            #name
            fn supervisor(&self) -> &#krate::SupervisorRef {
                &self.#own
            }

            fn init(&self, #args: Self::Args) -> #krate::SupervisorSpec {
                #spec
            }
        }
    }
}
