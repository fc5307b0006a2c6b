# Prints functions.txt: `elixir tests/elixir/functions.exs > tests/elixir/functions.txt`.

IO.puts("# What Elixir #{System.version()} documents, module by module: its functions, and the callbacks of its behaviours.")
IO.puts("# Printed by functions.exs, which is beside this.")

for module <- [GenServer, Process, Registry, Task, Task.Supervisor, Agent, Supervisor, DynamicSupervisor, PartitionSupervisor] do
  {:docs_v1, _, _, _, _, _, docs} = Code.fetch_docs(module)

  documented =
    for {{kind, name, arity}, _, _, doc, _} <- docs,
        kind in [:function, :callback],
        doc != :hidden,
        not String.starts_with?("#{name}", "__"),
        do: "#{name}/#{arity}"

  # A function with defaults is documented once, and has several arities.
  defaults =
    for {{:function, name, arity}, _, _, doc, %{defaults: count}} <- docs,
        doc != :hidden,
        less <- 1..count,
        do: "#{name}/#{arity - less}"

  IO.puts("\n#{inspect(module)}")
  (documented ++ defaults) |> Enum.uniq() |> Enum.sort() |> Enum.each(&IO.puts/1)
end
