%% Reads scenarios, a term a line, plays each, and writes its trace: the lines between its number and "done".
-module(otp_runner).
-export([main/0]).

-define(MAX_SETTLING, 1000000).

main() ->
    logger:set_primary_config(level, none),
    % What waits for another thread at its first use is no process that is ready to run, and not settled either: modules that are
    % loaded, and the levels of the logger, which are noted for each module.
    ok = code:ensure_modules_loaded(modules(kernel) ++ modules(stdlib)),
    [logger:allow(error, Module) || Module <- modules(kernel) ++ modules(stdlib)],
    spawn(fun otp_recorder:run/0),
    process_flag(trap_exit, true),
    io:setopts([{encoding, latin1}, binary]),
    io:format("otp ~s, stdlib ~s, ~b scheduler~n",
        [erlang:system_info(otp_release), version(stdlib), erlang:system_info(schedulers_online)]),
    read(),
    halt(0).

version(App) ->
    {ok, Version} = application:get_key(App, vsn),
    Version.

modules(App) ->
    application:load(App),
    {ok, Modules} = application:get_key(App, modules),
    Modules.

read() ->
    case io:get_line('') of
        Line when is_binary(Line) ->
            {ok, Tokens, _} = erl_scan:string(binary_to_list(Line)),
            {ok, {scenario, Number, Root, Ops}} = erl_parse:parse_term(Tokens),
            io:put_chars([integer_to_list(Number), "\n", play(Root, Ops), "done\n"]),
            read();
        eof ->
            ok
    end.

play(Root, Ops) ->
    otp_recorder:reset(),
    {Holder, Boot} = hold(Root),
    Begin = [["= ", Boot, "\n"], seen()],
    Lines = [step(Op, Holder) || Op <- Ops],
    Holder ! {finish, shutdown},
    settle(),
    [Begin, Lines, "= finished\n", seen()].

%% The root, in the arms of a process that is its parent and outlives it.
hold(Root) ->
    Runner = self(),
    Holder = spawn(fun() ->
        process_flag(trap_exit, true),
        Started = otp_tree:start_link(Root),
        Runner ! {self(), case Started of
            {ok, _} -> "ok";
            {error, Reason} -> ["error ", otp_recorder:start_error(Reason)]
        end},
        held()
    end),
    receive {Holder, Boot} -> ok end,
    settle(),
    {Holder, Boot}.

held() ->
    receive
        {finish, Reason} -> exit(Reason);
        _ -> held()
    end.

step(Op, Holder) ->
    Result = do(Op, Holder),
    settle(),
    [["= ", Result, "\n"], seen()].

%% What was written down, who ended, and what the supervisors say of their children.
seen() ->
    {Log, Gone} = otp_recorder:take(),
    [[Line, "\n"] || Line <- Log ++ Gone ++ [["tree ", atom_to_list(Id), children(Pid), counts(Pid)] || {Id, Pid} <- otp_recorder:supervisors()]].

%% Static supervisors list their children in reverse (D29). Dynamic ones have no order.
children(Supervisor) ->
    [[" ", Child] || Child <- list(supervisor:which_children(Supervisor))].

list([{undefined, _, _, _} | _] = Dynamic) ->
    Names = [{otp_recorder:name_of(Pid), Pid} || {undefined, Pid, _, _} <- Dynamic],
    lists:sort([case Known of
        {_, Name, _} -> lists:flatten(Name);
        undefined -> atom_to_list(Pid)
    end || {Known, Pid} <- Names]);
list(Static) ->
    [[atom_to_list(Id), "=", case Pid of
        undefined -> "undefined";
        restarting -> "restarting";
        _ ->
            {_, _, Attempt} = otp_recorder:name_of(Pid),
            ["#", integer_to_list(Attempt)]
    end] || {Id, Pid, _, _} <- lists:reverse(Static)].

%% Of a dynamic supervisor Elixir counts the specifications of its children, Erlang the one that it has for all of them; and how
%% many are active it gets wrong, down to less than none, when a child that is being restarted is terminated (D63).
counts(Supervisor) ->
    Counts = supervisor:count_children(Supervisor),
    [Specs, Active, Supervisors, Workers] = [proplists:get_value(Key, Counts) || Key <- [specs, active, supervisors, workers]],
    Said = case otp_recorder:name_of(Supervisor) of
        {dynamic, _, _} -> [Workers, length([Pid || {_, Pid, _, _} <- supervisor:which_children(Supervisor), is_pid(Pid)]), Supervisors, Workers];
        _ -> [Specs, Active, Supervisors, Workers]
    end,
    io_lib:format(" / ~b ~b ~b ~b", Said).

%% One operation, and what came of it.
do({next, Id, Outcomes}, _) ->
    otp_recorder:next(Id, Outcomes),
    "ok";
do({finish, Reason}, Holder) ->
    Holder ! {finish, exit_reason(Reason)},
    "ok";
do({hold, Supervisor, Deaths, Requests}, Holder) ->
    with(Supervisor, fun(Pid) ->
        catch sys:suspend(Pid),
        otp_recorder:hold(Supervisor),
        Ends = ends(Deaths, Holder),
        Asked = asked(Requests, Holder),
        otp_recorder:hold(nobody),
        catch sys:resume(Pid),
        ["held ", Ends, answers(Asked)]
    end);
do({linger, Id, Op, Deaths, Requests}, Holder) ->
    otp_recorder:linger(Id),
    [Asked] = asked([Op], Holder),
    Ends = ends(Deaths, Holder),
    More = asked(Requests, Holder),
    otp_recorder:release(),
    ["lingered ", Ends, answers([Asked | More])];
do({exit, Id, How}, _) ->
    with(Id, fun(Pid) ->
        case How of
            {signal, Reason} -> exit(Pid, exit_reason(Reason));
            _ -> gen_server:cast(Pid, How)
        end,
        "ok"
    end);
do({stop, Supervisor, Reason}, _) ->
    with(Supervisor, fun(Pid) ->
        try gen_server:stop(Pid, exit_reason(Reason), infinity) of
            ok -> "ok"
        catch
            exit:Exit -> ["exited ", otp_recorder:reason(Exit)]
        end
    end);
do({start_child, Supervisor, Spec}, _) ->
    ask(Supervisor, fun(Pid) -> supervisor:start_child(Pid, otp_tree:child_spec(Spec)) end);
do({start_dynamic, Supervisor, Id}, _) ->
    ask(Supervisor, fun(Pid) -> supervisor:start_child(Pid, [Id]) end);
do({terminate, Supervisor, Id}, _) ->
    ask(Supervisor, fun(Pid) -> supervisor:terminate_child(Pid, Id) end);
do({terminate_dynamic, Supervisor, Id}, _) ->
    % For a process that is dead Erlang says ok, whether it was a child or not (D63). Whoever asks a supervisor that is held
    % does not know whether it is dead when that looks.
    with(Id, fun(Child) ->
        Sure = is_process_alive(Child) andalso otp_recorder:held() =:= nobody,
        case ask(Supervisor, fun(Pid) -> supervisor:terminate_child(Pid, Child) end) of
            "ok" when not Sure -> "ok perhaps";
            Answer -> Answer
        end
    end);
do({restart, Supervisor, Id}, _) ->
    ask(Supervisor, fun(Pid) -> supervisor:restart_child(Pid, Id) end);
do({delete, Supervisor, Id}, _) ->
    ask(Supervisor, fun(Pid) -> supervisor:delete_child(Pid, Id) end);
do({specification, Supervisor, Id}, _) ->
    ask(Supervisor, fun(Pid) ->
        case supervisor:get_childspec(Pid, Id) of
            {ok, #{restart := Restart, significant := Significant, shutdown := Shutdown, type := Type}} ->
                {list, io_lib:format(" ~p ~p ~p ~p", [Restart, Significant, Shutdown, Type])};
            Error -> Error
        end
    end);
do({which, Supervisor}, _) ->
    ask(Supervisor, fun(Pid) -> {list, children(Pid)} end);
do({count, Supervisor}, _) ->
    ask(Supervisor, fun(Pid) -> {list, counts(Pid)} end).

%% One after the other.
ends(Deaths, Holder) ->
    [begin
        End = do(Death, Holder),
        settle(),
        [End, ", "]
    end || Death <- Deaths].

%% A process for each request. They are sent one after the other.
asked(Requests, Holder) ->
    Runner = self(),
    [begin
        Asker = spawn(fun() -> Runner ! {self(), do(Request, Holder)} end),
        settle(),
        Asker
    end || Request <- Requests].

answers(Asked) ->
    [receive {Asker, Answer} -> [Answer, ", "] end || Asker <- Asked].

with(Id, Do) ->
    case otp_recorder:pid(Id) of
        undefined -> "nobody";
        Pid -> Do(Pid)
    end.

ask(Supervisor, Ask) ->
    with(Supervisor, fun(Pid) ->
        try Ask(Pid) of
            ok -> "ok";
            {ok, undefined} -> "ok undefined";
            {ok, _} -> "ok";
            {list, List} -> ["list", List];
            {error, {already_started, _}} -> "already_started";
            {error, Reason} when Reason =:= already_present; Reason =:= running; Reason =:= restarting; Reason =:= not_found ->
                atom_to_list(Reason);
            {error, {bad_combination, _}} -> "bad_combination";
            {error, Reason} -> ["error ", otp_recorder:start_error(Reason)]
        catch
            exit:Exit -> ["exited ", otp_recorder:reason(Exit)]
        end
    end).

exit_reason(shutdown_with) -> {shutdown, detail};
exit_reason(Reason) -> Reason.

%% Waits until no other process is ready to run: then nothing goes on that would go on by itself, as there are no timers. With
%% one scheduler whoever is ready has had its turn when this process is back from a yield.
settle() ->
    settle(2, ?MAX_SETTLING).

settle(_, 0) ->
    exit(never_settled);
settle(0, _) ->
    ok;
settle(Rounds, Left) ->
    erlang:yield(),
    case erlang:statistics(run_queue) of
        0 -> settle(Rounds - 1, Left - 1);
        _ -> settle(2, Left - 1)
    end.
