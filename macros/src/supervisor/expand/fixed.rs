//! A supervisor with a list of children: one field and one method for each.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::GenericParam;
use syn::ext::IdentExt;

use crate::supervisor::expand::children::{checks, field, given, required, spec};
use crate::supervisor::expand::functions::Functions;
use crate::supervisor::expand::{cfg, deref, head, name_callback};
use crate::supervisor::model::{Child, Supervisor, Times};
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
    let children = supervisor.children();
    let own = own_field(children);
    let head = head(
        supervisor,
        &format!(" The supervisor `{ident}`, with a method for each of its children."),
    );
    let fields = children.iter().filter_map(|child| {
        let (handles, _) = field(supervisor, child)?;
        let (id, cfg) = (child.field(), child.carried.cfg());
        Some(quote!(#cfg #id: #handles,))
    });
    let required = required(supervisor, children);
    let functions = functions(supervisor, children, &required);
    let behaviour = behaviour(supervisor, children, &own, &required);
    let deref = deref(supervisor, &own, &quote!(#krate::SupervisorRef), &required);
    let checks = checks(supervisor, children);
    let cfg = cfg(supervisor);
    let (derives, implemented) = handle_traits(supervisor, children, &own, &required);
    let generics = &supervisor.generics;
    let declared = declared_generics(supervisor);
    let (_, ty_generics, _) = generics.split_for_impl();
    // What a generic one needs beyond that is asked where it is started.
    let of_struct = match &generics.where_clause {
        _ if !supervisor.is_generic() => required.clone(),
        clause => clause.to_token_stream(),
    };
    let marker = marker(supervisor);
    let alias = alias_generics(supervisor);
    quote! {
        #head
        #derives
        #vis struct #ident #declared #of_struct {
            #(#fields)*
            #marker
            #own: #krate::SupervisorRef,
        }

        #cfg
        const _: () = {
            type __Supervisor #alias = #ident #ty_generics;

            #functions

            #behaviour
            #implemented
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

/// `#[derive(Clone, Debug)]`; or the two by hand, where deriving would ask them of the parameters.
pub(crate) fn handle_traits(
    supervisor: &Supervisor,
    children: &[Child],
    own: &Ident,
    required: &TokenStream,
) -> (TokenStream, TokenStream) {
    if !supervisor.is_generic() {
        let derives = quote!(#[derive(::core::clone::Clone, ::core::fmt::Debug)]);
        return (derives, TokenStream::new());
    }
    let fields = children.iter().filter(|child| child.has_handle());
    let fields = fields.map(|child| (child.carried.cfg(), child.field()));
    let (cfgs, fields): (Vec<_>, Vec<_>) = fields.unzip();
    let (impl_generics, ty_generics, _) = supervisor.generics.split_for_impl();
    let ident = &supervisor.ident;
    let text = ident.unraw().to_string();
    let marked = marked(supervisor);
    let debug = Ident::new("debug", Span::mixed_site());
    let names = fields.iter().map(|field| field.unraw().to_string());
    let implemented = quote! {
        impl #impl_generics ::core::clone::Clone for #ident #ty_generics #required {
            fn clone(&self) -> Self {
                Self {
                    #(#cfgs #fields: ::core::clone::Clone::clone(&self.#fields),)*
                    #marked
                    #own: ::core::clone::Clone::clone(&self.#own),
                }
            }
        }

        impl #impl_generics ::core::fmt::Debug for #ident #ty_generics #required {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut #debug = f.debug_struct(#text);
                #(#cfgs #debug.field(#names, &self.#fields);)*
                #debug.finish_non_exhaustive()
            }
        }
    };
    (TokenStream::new(), implemented)
}

/// `<M: Mailer, const N: usize>`, as the type is declared.
pub(crate) fn declared_generics(supervisor: &Supervisor) -> Option<TokenStream> {
    let params = supervisor.generics.params.iter();
    supervisor.is_generic().then(|| quote!(<#(#params),*>))
}

/// `<M, const N: usize>`: an alias has no bounds.
pub(crate) fn alias_generics(supervisor: &Supervisor) -> Option<TokenStream> {
    let params = supervisor.generics.params.iter().map(|param| match param {
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Const(_) | GenericParam::Lifetime(_) => param.to_token_stream(),
    });
    supervisor.is_generic().then(|| quote!(<#(#params),*>))
}

/// A field that mentions the types the supervisor is generic over, if there are some: no child need do so.
pub(crate) fn marker(supervisor: &Supervisor) -> Option<TokenStream> {
    let types: Vec<_> = supervisor
        .generics
        .type_params()
        .map(|param| &param.ident)
        .collect();
    (!types.is_empty())
        .then(|| quote!(__marker: ::core::marker::PhantomData<fn() -> (#(#types,)*)>,))
}

/// The value of that field.
pub(crate) fn marked(supervisor: &Supervisor) -> Option<TokenStream> {
    let first = supervisor.generics.type_params().next();
    first.map(|_| quote!(__marker: ::core::marker::PhantomData,))
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
        named: (quote!(#krate::SupervisorRef), |supervisor, name| {
            let krate = &supervisor.krate;
            quote!(#krate::SupervisorRef::named(#name))
        }),
        args,
    };
    let functions = functions.expand(supervisor);
    let accessors = children
        .iter()
        .filter_map(|child| accessor(supervisor, child));
    let (impl_generics, ty_generics, _) = supervisor.generics.split_for_impl();
    quote! {
        impl #impl_generics #ident #ty_generics #required {
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
fn accessor(supervisor: &Supervisor, child: &Child) -> Option<TokenStream> {
    let (vis, id) = (&supervisor.vis, child.field());
    let returns = given(supervisor, child)?;
    let name = id.unraw().to_string();
    let clone = quote!(::core::clone::Clone::clone(&self.#id));
    let (value, docs) = match child.times {
        Times::Once => (
            clone,
            format!(" The child `{name}`, also after it was restarted."),
        ),
        Times::If(_) => (
            clone,
            format!(" The child `{name}`, if there is one: else the handle leads to nobody."),
        ),
        Times::Each(..) => (
            quote!(self.#id.all()),
            format!(" The children `{name}`, in their order, also after they were restarted."),
        ),
    };
    let docs = child.carried.docs_or(&docs);
    let (cfg, marks) = (child.carried.cfg(), child.carried.marks());
    Some(quote! {
        #docs
        #cfg
        #marks
        #[must_use]
        #vis fn #id(&self) -> #returns {
            #value
        }
    })
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
    let vacant = children.iter().filter_map(|child| {
        let (_, vacant) = field(supervisor, child)?;
        let (id, cfg) = (child.field(), child.carried.cfg());
        Some(quote!(#cfg #id: #vacant,))
    });
    let marked = marked(supervisor);
    let (impl_generics, ty_generics, _) = supervisor.generics.split_for_impl();
    let name = name_callback(supervisor);
    let form = (params.len() > 1).then(|| quote!(<#krate::Each>));
    let spec = spec(supervisor, children);
    quote! {
        impl #impl_generics #krate::Child for __Supervisor #ty_generics #required {
            #args_type
            type Handle = Self;

            fn vacant() -> Self {
                Self { #(#vacant)* #marked #own: #krate::SupervisorRef::vacant() }
            }

            fn declared_tree() -> ::core::option::Option<#krate::DeclaredTree> {
                ::core::option::Option::Some(Self::tree())
            }

            fn child_spec(
                handle: &Self,
                id: impl ::core::convert::Into<#krate::ChildId>,
                args: Self::Args,
            ) -> #krate::ChildSpec {
                #krate::Supervisor::as_child(handle, id, args)
            }
        }

        impl #impl_generics #krate::OnDemand for __Supervisor #ty_generics #required {
            type Given = #krate::Cloned #form;
        }

        impl #impl_generics #krate::Supervisor for __Supervisor #ty_generics #required {
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
