//! A supervisor whose children are started later, of one type or of several.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use crate::supervisor::expand::children::{mentions_parameters, required, required_to_name};
use crate::supervisor::expand::functions::{Functions, pattern, used};
use crate::supervisor::expand::handle::Handle;
use crate::supervisor::expand::{dependent, intensity, listed, name_callback};
use crate::supervisor::model::Supervisor;
use crate::types;

/// ```text
/// Rooms(name = "rooms") {        struct Rooms { supervisor: DynamicSupervisorRef<Room> }
///     dynamic: Room              impl Rooms { start_link, child_spec, named }
/// }                              impl DynamicSupervisor for Rooms, impl Child for Rooms
/// ```
///
/// With `dynamic: Room | Game` the reference is a `DynamicSupervisorRef<OneOf<Rooms>>`, and each type is a `ChildOf<Rooms>`. With
/// `extra_arguments: [config]` it is a `DynamicSupervisorRef<WithExtra<Room, (Config,)>>`.
pub(crate) fn expand(supervisor: &Supervisor, types: &[Type]) -> TokenStream {
    let Supervisor { krate, ident, .. } = supervisor;
    let first = types.first().map_or_else(Span::call_site, types::span);
    let extra = extra_types(supervisor, |_, ty| quote!(#ty));
    let plain = children(supervisor, types, |_, ty| ty.clone(), |_, ty| quote!(#ty));
    let reference = quote!(#krate::DynamicSupervisorRef<#plain>);
    let (kept, given) = match types.first() {
        Some(first) => (
            listed::part(supervisor, 0, first, "Kept", &reference),
            listed::given(supervisor, 0, first, &reference),
        ),
        None => (reference.clone(), reference.clone()),
    };
    let children = children(
        supervisor,
        types,
        |nth, ty| {
            if mentions_parameters(supervisor, ty) {
                dependent::named(supervisor, nth, ty)
            } else {
                listed::child_type(supervisor, nth, ty)
            }
        },
        |nth, ty| listed::argument_type(supervisor, nth, ty),
    );
    let handle = Handle {
        supervisor,
        docs: format!(" The dynamic supervisor `{ident}`: its children are started one by one."),
        fields: Vec::new(),
        own: Ident::new("supervisor", Span::call_site()),
        reference: quote!(#krate::DynamicSupervisorRef),
        kept,
        target: given,
        at: first,
        required: required(supervisor),
        required_to_name: required_to_name(supervisor),
        behaviour: "DynamicSupervisor",
    };
    let functions = functions(supervisor, &handle);
    let behaviour = behaviour(
        supervisor,
        &handle,
        &quote_spanned!(first=> type Child = #children;),
    );
    let required = &handle.required;
    let (impl_generics, ty_generics, _) = supervisor.generics.split_for_impl();
    let several = (types.len() > 1).then(|| {
        let taken = types.iter().map(|ty| {
            if mentions_parameters(supervisor, ty) {
                return required.clone();
            }
            // There is an error already where it is no child: here it is taken for one.
            let is_child = quote!(#ty: for<'__any> #krate::DynamicChild);
            if required.is_empty() {
                quote!(where #is_child)
            } else {
                quote!(#required, #is_child)
            }
        });
        quote!(#(impl #impl_generics #krate::ChildOf<__Supervisor #ty_generics> for #types #taken {})*)
    });
    let listed = listed::dynamic(supervisor, types, &reference, extra.as_ref());
    let args = listed::arguments(supervisor);
    handle.expand(&quote! {
        #functions
        #behaviour
        #several
        #listed
        #args
    })
}

/// `Room`, `OneOf<Rooms>`, or either of them `WithExtra`; with these names for the type of a child, and that of an argument.
fn children(
    supervisor: &Supervisor,
    types: &[Type],
    child: impl Fn(usize, &Type) -> Type,
    argument: impl Fn(usize, &Type) -> TokenStream,
) -> TokenStream {
    let krate = &supervisor.krate;
    let children = match types {
        [only] => child(0, only).to_token_stream(),
        _ => {
            let ty = supervisor.ty();
            quote!(#krate::OneOf<#ty>)
        }
    };
    match extra_types(supervisor, argument) {
        Some(extra) => quote!(#krate::WithExtra<#children, #extra>),
        None => children,
    }
}

/// `(Config,)`, where there are extra arguments.
fn extra_types(
    supervisor: &Supervisor,
    argument: impl Fn(usize, &Type) -> TokenStream,
) -> Option<TokenStream> {
    let extra = supervisor.fields.extra_arguments.as_deref()?;
    let types = extra.iter().filter_map(|extra| {
        let mut params = supervisor.params.iter().enumerate();
        params.find(|(_, (param, _))| param == extra)
    });
    let types: Vec<_> = types.map(|(nth, (_, ty))| argument(nth, ty)).collect();
    (!types.is_empty()).then(|| quote!((#(#types,)*)))
}

fn functions(supervisor: &Supervisor, handle: &Handle<'_>) -> TokenStream {
    let Supervisor { krate, ident, .. } = supervisor;
    let functions = Functions {
        starts: format!("Starts the supervisor `{ident}`"),
        start: quote!(#krate::start_link_dynamic_supervisor),
        named: handle.named(),
        others: TokenStream::new(),
    };
    functions.expand(supervisor, &handle.required)
}

fn behaviour(supervisor: &Supervisor, handle: &Handle<'_>, child: &TokenStream) -> TokenStream {
    let Supervisor { krate, fields, .. } = supervisor;
    let (impl_generics, ty_generics, _) = supervisor.generics.split_for_impl();
    let (required, own, target) = (&handle.required, &handle.own, &handle.target);
    let name = name_callback(supervisor);
    let (pattern, used) = (pattern(supervisor), used(supervisor));
    let intensity = intensity(supervisor);
    let max_children = fields.max_children.iter();
    let max_children = max_children.map(|number| quote!(.max_children(#number)));
    let extra = fields.extra_arguments.as_deref().unwrap_or_default();
    let extra = (!extra.is_empty()).then(|| quote!(.extra_arguments((#(#extra,)*))));
    let extra_types = extra_types(supervisor, |nth, ty| {
        listed::argument_type(supervisor, nth, ty)
    });
    let extra_types = extra_types.map(|extra| quote!(<#extra>));
    let types = fields.dynamic.iter().flatten();
    let mut dependent = types.filter(|ty| mentions_parameters(supervisor, ty));
    let at = dependent.next().map(types::span);
    // A lint compares the name with the trait's, where the function is not the macro's own.
    let args = Ident::new("args", Span::mixed_site());
    let (pattern, taken) = match at {
        Some(_) if !supervisor.params.is_empty() => (quote!(#args), quote!(let #pattern = #args;)),
        _ => (pattern, quote!()),
    };
    let functions = [
        (quote!(fn supervisor(&self) -> &#target), quote!(&self.#own)),
        (
            quote!(fn init(&self, #pattern: Self::Args) -> #krate::DynamicSupervisorSpec #extra_types),
            quote!(#taken #used #krate::DynamicSupervisorSpec::new() #intensity #(#max_children)* #extra),
        ),
    ];
    let functions = functions.map(|(head, body)| match at {
        Some(at) => dependent::function_at(at, head, body),
        None => quote!(#head { #body }),
    });
    let [reference, init] = functions;
    // In the order of their names, for a lint.
    let functions = match at {
        Some(_) => quote!(#init #name #reference),
        None => quote!(#name #reference #init),
    };
    quote! {
        impl #impl_generics #krate::DynamicSupervisor for __Supervisor #ty_generics #required {
            #child
            #functions
        }
    }
}
