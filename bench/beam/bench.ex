# The workloads of common/src/workloads on the BEAM's own GenServer and Supervisor.
#
#     erl … -s Elixir.Bench main -extra WORK N      (`./run` knows the whole line)

defmodule Counter do
  use GenServer

  # A tuple of about 64 bytes: value, padding, the next of the ring.
  def init(_), do: {:ok, {0, 1, 1, 1, 1, 1, nil}}

  def handle_call(:get, _from, state), do: {:reply, elem(state, 0), state}

  def handle_cast({:add, amount}, state), do: {:noreply, :erlang.setelement(1, state, elem(state, 0) + amount)}
  def handle_cast({:next, next}, state), do: {:noreply, :erlang.setelement(7, state, next)}

  def handle_cast({:token, 0}, state) do
    send(:bench, :ring_done)
    {:noreply, state}
  end

  def handle_cast({:token, hops}, state) do
    GenServer.cast(elem(state, 6), {:token, hops - 1})
    {:noreply, state}
  end

  def handle_cast({:hold, gate}, state) do
    send(:bench, :held)
    wait_for(gate)
    {:noreply, state}
  end

  def handle_cast(:work, state) do
    burn_until(:erlang.monotonic_time(:nanosecond) + 1_000)
    {:noreply, state}
  end

  # Sleeps instead of receiving: a selective receive would scan the backlog.
  defp wait_for(gate), do: if(:atomics.get(gate, 1) == 0, do: (Process.sleep(1); wait_for(gate)))
  defp burn_until(time), do: if(:erlang.monotonic_time(:nanosecond) < time, do: burn_until(time))
end

defmodule Child do
  use GenServer

  def start_link(index, name), do: GenServer.start_link(__MODULE__, index, name: name)

  def init(index) do
    generation = :atomics.add_get(:persistent_term.get(:generations), index + 1, 1)
    send(:bench, {:started, index, generation})
    {:ok, {generation, 1, 1, 1, 1, 1, 1}}
  end

  def handle_call(:generation, _from, state), do: {:reply, elem(state, 0), state}
  def handle_cast(:crash, _state), do: raise("crash")
end

defmodule Bench do
  def main do
    Process.register(self(), :bench)
    Process.flag(:trap_exit, true)
    :logger.set_primary_config(:level, :none)
    [work, n] = Enum.map(:init.get_plain_arguments(), &List.to_string/1)
    run(work, String.to_integer(n))
    :erlang.halt(0)
  end

  # A call of the BEAM is always queued, with a timeout of 5 s, and its handlers are all alike.
  def run("call_seq", n), do: emit("call_seq", one_client(n))
  def run("call_async", n), do: emit("call_async", one_client(n))
  def run("call_queued", n), do: emit("call_queued", one_client(n))
  def run("call_conc", n), do: emit("call_conc", many_clients(n, 1))
  def run("call_fan", n), do: emit("call_fan", many_clients(n, 64))
  def run("cast1_u", n), do: emit("cast1_u", burst(n, 1))
  def run("cast4_u", n), do: emit("cast4_u", burst(n, 4))

  def run("ring", n) do
    servers = for _ <- 1..1000, do: start()
    links = Enum.zip(servers, tl(servers) ++ [hd(servers)])
    Enum.each(links, fn {server, next} -> GenServer.cast(server, {:next, next}) end)
    token(hd(servers), 2000)
    begin = now()
    token(hd(servers), n)
    emit("ring", (now() - begin) / n)
  end

  def run("named", n) do
    names = for i <- 0..9_999, do: start_named(:"server_#{i}")
    chosen = List.to_tuple(for i <- 0..63, do: Enum.at(names, rem(i * 977 + 13, 10_000)))
    named_calls(chosen, 1_000)
    begin = now()
    named_calls(chosen, n)
    emit("named", (now() - begin) / n)
  end

  def run("spawn_stop", n) do
    for _ <- 1..div(n, 50), do: GenServer.stop(start())
    begin = now()
    servers = for _ <- 1..n, do: start()
    started = now()
    Enum.each(servers, &GenServer.call(&1, :get))
    called = now()
    Enum.each(servers, &GenServer.stop/1)
    stopped = now()
    emit("spawn_stop", (stopped - begin) / n)
    emit("spawn_only", (started - begin) / n)
    emit("stop_only", (stopped - called) / n)
  end

  def run("mem", n) do
    GenServer.call(start(), :get)
    :erlang.garbage_collect()
    before = resident_bytes()
    servers = for _ <- 1..n, do: start_and_call()
    later = resident_bytes()
    ^n = length(servers)
    emit("mem", (later - before) / n)
  end

  def run("stop_backlog", n) do
    {server, gate} = start_with_backlog(n)
    begin = now()
    :atomics.put(gate, 1, 1)
    GenServer.stop(server, :normal, :infinity)
    emit("stop_backlog", (now() - begin) / 1.0e6)
  end

  def run("kill_backlog", n) do
    {server, gate} = start_with_backlog(n)
    ref = Process.monitor(server)
    begin = now()
    :atomics.put(gate, 1, 1)
    Process.exit(server, :kill)
    receive do: ({:DOWN, ^ref, _, _, _} -> :ok)
    emit("kill_backlog", (now() - begin) / 1.0e6)
  end

  def run("restart1", n) do
    {median, p99, mean} = restarts(n, 1)
    emit("restart1_med", median)
    emit("restart1_p99", p99)
    emit("restart1_rate", mean)
  end

  def run("restart1k", n) do
    {median, p99, _} = restarts(n, 1000)
    emit("restart1k_med", median)
    emit("restart1k_p99", p99)
  end

  def run("storm1k", n) do
    {_, names} = supervisor(1000)
    storm(names)
    begin = now()
    for _ <- 1..n, do: storm(names)
    emit("storm1k", (now() - begin) / (n * 1000))
  end

  def run("all1k", n), do: group(:one_for_all, "all1k", n)
  def run("rest1k", n), do: group(:rest_for_one, "rest1k", n)

  def run("tree10k", n) do
    {warm_up, _} = supervisor(10)
    Supervisor.stop(warm_up)
    begin = now()
    {supervisor, names} = supervisor(n)
    emit("tree10k_start", (now() - begin) / n)
    generation(List.last(names))
    begin = now()
    Supervisor.stop(supervisor)
    emit("tree10k_stop", (now() - begin) / n)
  end

  def run("tree100k", n) do
    {supervisor, names} = supervisor(n)
    generation(List.last(names))
    begin = now()
    Supervisor.stop(supervisor, :normal, :infinity)
    emit("tree100k_stop", (now() - begin) / 1_000_000)
  end

  def run("dyn100k", n) do
    :persistent_term.put(:generations, :atomics.new(131_072, []))
    {:ok, supervisor} = DynamicSupervisor.start_link(max_restarts: 1_000_000_000, max_seconds: 1)
    begin = now()

    pids =
      for i <- 0..(n - 1) do
        {:ok, pid} = DynamicSupervisor.start_child(supervisor, %{id: i, start: {Child, :start_link, [i, :"d#{i}"]}})
        pid
      end

    emit("dyn100k_start", (now() - begin) / n)
    wait_for_starts(n)
    begin = now()
    for pid <- pids, do: Process.exit(pid, :kill)
    wait_for_starts(n)
    for i <- 0..(n - 1), do: generation(:"d#{i}")
    emit("dyn100k_back", (now() - begin) / n)
    begin = now()
    DynamicSupervisor.stop(supervisor, :normal, :infinity)
    emit("dyn100k_stop", (now() - begin) / n)
  end

  # The driver's code for a workload the system has not.
  def run(_, _), do: :erlang.halt(3)

  defp one_client(n) do
    server = start()
    calls(server, div(n, 20))
    begin = now()
    calls(server, n)
    (now() - begin) / n
  end

  defp many_clients(n, count) do
    servers = List.to_tuple(for _ <- 1..count, do: start())
    each = div(n, 64)
    in_parallel(64, fn i -> calls(elem(servers, rem(i, count)), div(each, 10) + 1) end)
    begin = now()
    in_parallel(64, fn i -> calls(elem(servers, rem(i, count)), each) end)
    (now() - begin) / (each * 64)
  end

  defp burst(n, producers) do
    server = start()
    casts(server, div(n, 50))
    base = GenServer.call(server, :get)
    each = div(n, producers)
    begin = now()
    if producers == 1, do: casts(server, each), else: in_parallel(producers, fn _ -> casts(server, each) end)
    value = GenServer.call(server, :get, :infinity)
    elapsed = now() - begin
    ^value = base + each * producers
    elapsed / (each * producers)
  end

  defp restarts(cycles, children) do
    {_, names} = supervisor(children)
    names = List.to_tuple(names)
    warm_up = div(cycles, 10)
    for cycle <- 0..(warm_up - 1), do: restart(names, rem(cycle * 7919, children))
    begin = now()
    latencies = for cycle <- warm_up..(warm_up + cycles - 1), do: restart(names, rem(cycle * 7919, children))
    mean = (now() - begin) / cycles
    sorted = Enum.sort(latencies)
    {Enum.at(sorted, div(cycles, 2)), Enum.at(sorted, div(cycles * 99, 100)), mean}
  end

  defp restart(names, index) do
    name = elem(names, index)
    begin = now()
    GenServer.cast(name, :crash)
    receive do: ({:started, ^index, generation} -> wait_for_generation(name, generation))
    now() - begin
  end

  defp wait_for_generation(name, expected) do
    if generation(name) < expected do
      :erlang.yield()
      wait_for_generation(name, expected)
    end
  end

  defp storm(names) do
    for name <- names, do: GenServer.cast(name, :crash)
    wait_for_starts(length(names))
    for name <- names, do: generation(name)
  end

  defp group(strategy, work, n) do
    {_, names} = supervisor(1000, strategy)
    again(names)
    begin = now()
    for _ <- 1..n, do: again(names)
    emit(work, (now() - begin) / (n * 1000))
  end

  defp again(names) do
    GenServer.cast(hd(names), :crash)
    wait_for_starts(length(names))
    for name <- names, do: generation(name)
  end

  defp supervisor(children, strategy \\ :one_for_one) do
    :persistent_term.put(:generations, :atomics.new(131_072, []))
    serial = :erlang.unique_integer([:positive])
    names = for i <- 0..(children - 1), do: :"s#{serial}c#{i}"
    specs = for {name, i} <- Enum.with_index(names), do: %{id: i, start: {Child, :start_link, [i, name]}}
    {:ok, supervisor} =
      Supervisor.start_link(specs, strategy: strategy, max_restarts: 1_000_000_000, max_seconds: 1)

    wait_for_starts(children)
    {supervisor, names}
  end

  defp wait_for_starts(0), do: :ok
  defp wait_for_starts(n), do: receive(do: ({:started, _, _} -> wait_for_starts(n - 1)))

  defp generation(name) do
    GenServer.call(name, :generation)
  catch
    :exit, _ ->
      :erlang.yield()
      generation(name)
  end

  defp start, do: elem(GenServer.start(Counter, []), 1)

  defp start_named(name) do
    {:ok, _} = GenServer.start(Counter, [], name: name)
    name
  end

  defp start_and_call do
    server = start()
    GenServer.call(server, :get)
    server
  end

  defp start_with_backlog(n) do
    server = start()
    gate = :atomics.new(1, [])
    GenServer.cast(server, {:hold, gate})
    receive do: (:held -> :ok)
    for _ <- 1..n, do: GenServer.cast(server, :work)
    {server, gate}
  end

  defp token(server, hops) do
    GenServer.cast(server, {:token, hops})
    receive do: (:ring_done -> :ok)
  end

  defp calls(_, 0), do: :ok

  defp calls(server, n) do
    GenServer.call(server, :get)
    calls(server, n - 1)
  end

  defp named_calls(_, 0), do: :ok

  defp named_calls(names, n) do
    GenServer.call(elem(names, :erlang.band(n, 63)), :get)
    named_calls(names, n - 1)
  end

  defp casts(_, 0), do: :ok

  defp casts(server, n) do
    GenServer.cast(server, {:add, 1})
    casts(server, n - 1)
  end

  defp in_parallel(count, work) do
    me = self()
    clients = for i <- 0..(count - 1), do: spawn(fn -> work.(i); send(me, {:done, self()}) end)
    for client <- clients, do: receive(do: ({:done, ^client} -> :ok))
  end

  defp now, do: :erlang.monotonic_time(:nanosecond)

  defp emit(metric, value) do
    flavour = if :erlang.system_info(:schedulers_online) == 1, do: "current", else: "multi"
    :io.format("{\"flavour\":\"~s\",\"metric\":\"~s\",\"value\":~.3f}~n", [flavour, metric, value * 1.0])
  end

  defp resident_bytes do
    {:ok, statm} = File.read("/proc/self/statm")
    String.to_integer(Enum.at(String.split(statm), 1)) * 4096
  end
end
