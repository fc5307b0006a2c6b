//! A supervisor whose children are started later, of one type or of several.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

use crate::supervisor::expand::children::{
    argument_checks, mentions_parameters, required, required_to_name,
};
use crate::supervisor::expand::functions::{Functions, pattern};
use crate::supervisor::expand::handle::Handle;
use crate::supervisor::expand::{intensity, name_callback};
use crate::supervisor::model::Supervisor;
use crate::tokens::respan;
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
    let children = children(supervisor, types);
    let first = types.first().map_or_else(Span::call_site, types::span);
    let granted = types.iter().map(|ty| quote!(#ty: #krate::DynamicChild));
    let granted: Vec<_> = granted.collect();
    let handle = Handle {
        supervisor,
        docs: format!(" The dynamic supervisor `{ident}`: its children are started one by one."),
        fields: Vec::new(),
        own: Ident::new("supervisor", Span::call_site()),
        reference: (quote!(#krate::DynamicSupervisorRef), quote!(<#children>)),
        at: first,
        required: required(supervisor, &granted),
        // Of its children nothing: one of them may keep the handle of its own supervisor.
        required_to_name: required_to_name(supervisor, &[]),
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
        quote!(#(impl #impl_generics #krate::ChildOf<__Supervisor #ty_generics> for #types #required {})*)
    });
    // What is said of parameters cannot be said in a constant.
    let checked = types
        .iter()
        .filter(|ty| !mentions_parameters(supervisor, ty));
    let extra_checks = extra_checks(supervisor, checked.clone());
    let type_checks = checked.map(|ty| {
        let check = quote_spanned!(types::span(ty)=> __private::require_dynamic_child::<#ty>);
        quote!(const _: fn() = #krate::#check;)
    });
    let arg_checks = argument_checks(supervisor);
    handle.expand(&quote! {
        #functions
        #behaviour
        #several
        #(#type_checks)*
        #extra_checks
        #arg_checks
    })
}

/// `Room`, `OneOf<Rooms>`, or either of them `WithExtra`.
fn children(supervisor: &Supervisor, types: &[Type]) -> TokenStream {
    let krate = &supervisor.krate;
    let children = match types {
        [only] => quote!(#only),
        _ => {
            let ty = supervisor.ty();
            quote!(#krate::OneOf<#ty>)
        }
    };
    match extra_types(supervisor) {
        Some(extra) => quote!(#krate::WithExtra<#children, #extra>),
        None => children,
    }
}

/// `(Config,)`, where there are extra arguments.
fn extra_types(supervisor: &Supervisor) -> Option<TokenStream> {
    let extra = supervisor.fields.extra_arguments.as_deref()?;
    let types = extra.iter().filter_map(|argument| {
        let mut params = supervisor.params.iter();
        params.find(|(param, _)| param == argument)
    });
    let types: Vec<_> = types.map(|(_, ty)| ty).collect();
    (!types.is_empty()).then(|| quote!((#(#types,)*)))
}

/// An assertion for each of these types where there are extra arguments: those of the child begin with them.
fn extra_checks<'t>(
    supervisor: &Supervisor,
    types: impl Iterator<Item = &'t Type>,
) -> Option<TokenStream> {
    let krate = &supervisor.krate;
    let extra = extra_types(supervisor)?;
    let checks = types.map(|ty| {
        let check = quote!(#krate::__private::AfterExtra::<#ty>::new().begins_with::<#extra>());
        let check = respan(&check, types::span(ty));
        quote!(#check;)
    });
    // What is said of parameters cannot be said in a constant.
    (!mentions_parameters(supervisor, &extra)).then(|| {
        quote! {
            const _: fn() = || {
                use #krate::__private::NoDynamicChild as _;
                #(#checks)*
            };
        }
    })
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
    let (required, own, (reference, of)) = (&handle.required, &handle.own, &handle.reference);
    let name = name_callback(supervisor);
    let pattern = pattern(supervisor);
    let intensity = intensity(supervisor);
    let max_children = fields.max_children.iter();
    let max_children = max_children.map(|number| quote!(.max_children(#number)));
    let extra = fields.extra_arguments.as_deref().unwrap_or_default();
    let extra = (!extra.is_empty()).then(|| quote!(.extra_arguments((#(#extra,)*))));
    let extra_types = extra_types(supervisor).map(|extra| quote!(<#extra>));
    quote! {
        impl #impl_generics #krate::DynamicSupervisor for __Supervisor #ty_generics #required {
            #child
            #name
            fn supervisor(&self) -> &#reference #of {
                &self.#own
            }

            fn init(&self, #pattern: Self::Args) -> #krate::DynamicSupervisorSpec #extra_types {
                #krate::DynamicSupervisorSpec::new() #intensity #(#max_children)* #extra
            }
        }
    }
}
