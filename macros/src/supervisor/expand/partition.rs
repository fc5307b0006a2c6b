//! A supervisor of several servers of one kind, between which keys are divided.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::supervisor::expand::args::{Arguments, span};
use crate::supervisor::expand::children::{required, required_to_name};
use crate::supervisor::expand::functions::{Functions, pattern, used};
use crate::supervisor::expand::handle::Handle;
use crate::supervisor::expand::{listed, name_callback, names};
use crate::supervisor::model::{Fields, Partition, Supervisor, Times, mentions};
use crate::types;

/// ```text
/// Pool(url: String) {             struct Pool { supervisor: PartitionSupervisorRef<Worker> }
///     partition: Worker(url)      impl Pool { start_link, child_spec }
/// }                               impl PartitionSupervisor for Pool, impl Child for Pool
/// ```
pub(crate) fn expand(supervisor: &Supervisor, partition: &Partition) -> TokenStream {
    let Supervisor { krate, ident, .. } = supervisor;
    let ty = &listed::child_type(supervisor, 0, &partition.ty);
    let reference = quote!(#krate::PartitionSupervisorRef<#ty>);
    let handle = Handle {
        supervisor,
        docs: format!(
            " The partition supervisor `{ident}`: `route` finds the partition that a key has."
        ),
        fields: Vec::new(),
        own: Ident::new("supervisor", Span::call_site()),
        reference: quote!(#krate::PartitionSupervisorRef),
        kept: listed::part(supervisor, 0, &partition.ty, "Kept", &reference),
        target: listed::given(supervisor, 0, &partition.ty, &reference),
        at: types::span(ty),
        required: required(supervisor),
        required_to_name: required_to_name(supervisor),
        behaviour: "PartitionSupervisor",
    };
    let functions = functions(supervisor, &handle);
    let behaviour = behaviour(supervisor, partition, &handle);
    let child = listed::partition(supervisor, partition);
    let args = listed::arguments(supervisor);
    let name_check = names::check_partitions(supervisor, &partition.ty);
    handle.expand(&quote! {
        #functions
        #behaviour
        #child
        #args
        #name_check
    })
}

fn functions(supervisor: &Supervisor, handle: &Handle<'_>) -> TokenStream {
    let Supervisor { krate, ident, .. } = supervisor;
    let functions = Functions {
        starts: format!("Starts the supervisor `{ident}` and its partitions"),
        start: quote!(#krate::start_link_partition_supervisor),
        named: handle.named(),
        others: TokenStream::new(),
    };
    functions.expand(supervisor, &handle.required)
}

/// ```text
/// impl PartitionSupervisor for Pool {
///     type Child = Worker;
///     fn supervisor(&self) -> &PartitionSupervisorRef<Worker> { &self.supervisor }
///     fn init(&self, url: String) -> PartitionSupervisorSpec<Worker> {
///         PartitionSupervisorSpec::new(move |_partition| Worker::__args(Clone::clone(&url)))
///     }
/// }
/// ```
fn behaviour(supervisor: &Supervisor, partition: &Partition, handle: &Handle<'_>) -> TokenStream {
    let krate = &supervisor.krate;
    let Partition { number, ty, args } = partition;
    let ty = &listed::child_type(supervisor, 0, ty);
    let (impl_generics, ty_generics, _) = supervisor.generics.split_for_impl();
    let (required, own, target) = (&handle.required, &handle.own, &handle.target);
    let name = name_callback(supervisor);
    let (pattern, used) = (pattern(supervisor), used(supervisor));
    let number = number
        .as_ref()
        .map_or_else(|| quote!(_), |number| quote!(#number));
    let args = Arguments::new(supervisor, &[]).of_each(ty, args);
    let child = quote_spanned!(types::span(ty)=> type Child = #ty;);
    let (before, flags) = flags(supervisor, partition);
    quote! {
        impl #impl_generics #krate::PartitionSupervisor for __Supervisor #ty_generics #required {
            #child
            #name
            fn supervisor(&self) -> &#target {
                &self.#own
            }

            fn init(&self, #pattern: Self::Args) -> #krate::PartitionSupervisorSpec<#ty> {
                #used
                #before
                #krate::PartitionSupervisorSpec::new(move |#number| #args) #flags
            }
        }
    }
}

/// `.partitions(4).max_restarts(3)`, where they were given; and before that, what of it uses the supervisor's arguments, which the
/// partitions take.
fn flags(supervisor: &Supervisor, partition: &Partition) -> (TokenStream, TokenStream) {
    let Fields {
        partitions,
        max_restarts,
        max_seconds,
        ..
    } = &supervisor.fields;
    let given = [
        ("partitions", partitions),
        ("max_restarts", max_restarts),
        ("max_seconds", max_seconds),
    ];
    let arguments = Arguments::before(supervisor, partition);
    let (mut before, mut flags) = (TokenStream::new(), TokenStream::new());
    for (flag, value) in given {
        let Some(value) = value else { continue };
        let method = Ident::new(flag, Span::call_site());
        if supervisor
            .params
            .iter()
            .any(|(param, _)| mentions(value, param))
        {
            let variable = Ident::new(flag, Span::mixed_site().located_at(span(value)));
            let value = arguments.value(value, &Times::Once, Some((0, 0)));
            before.extend(quote!(let #variable = #value;));
            flags.extend(quote!(.#method(#variable)));
        } else {
            flags.extend(quote!(.#method(#value)));
        }
    }
    (before, flags)
}
