%% The probe. Whoever starts asks it how the start is to go; it monitors those that started, and writes down what happens in
%% the order in which it is told. With one scheduler that is the order in which it happened.
-module(otp_recorder).
-export([run/0, start/2, bye/2, may_end/1]).
-export([hold/1, held/0, linger/1, release/0, next/2, pid/1, name_of/1, supervisors/0, take/0, reset/0, reason/1, start_error/1]).

run() ->
    register(?MODULE, self()),
    loop(empty()).

%% What children and supervisors say.

start(Type, Id) ->
    ask({start, Type, Id}).

bye(Name, Reason) ->
    ?MODULE ! {bye, Name, Reason}.

%% Returns when nobody is to linger any more, or another child.
may_end(Name) ->
    ask({may_end, lists:flatten(Name)}).

%% What the runner asks.

%% The child whose `terminate` waits; until the release.
linger(Id) -> ask({linger, Id}).
release() -> ask(release).

%% Which supervisor is held.
hold(Id) -> ask({hold, Id}).
held() -> ask(held).
next(Id, Outcomes) -> ask({next, Id, Outcomes}).
%% The latest process of an id.
pid(Id) -> ask({pid, Id}).
name_of(Pid) -> ask({name_of, Pid}).
%% The ids of the supervisors that run, with their pids.
supervisors() -> ask(supervisors).
%% What was written down since the last time: events in order, and the supervisors that ended.
take() -> ask(take).
reset() -> ask(reset).

ask(Question) ->
    Ref = make_ref(),
    ?MODULE ! {ask, self(), Ref, Question},
    receive {Ref, Answer} -> Answer end.

empty() ->
    #{held => nobody, linger => nobody, waits => [], log => [], gone => [], next => #{}, attempts => #{}, pids => #{}, names => #{}, supervisors => #{}}.

loop(State) ->
    receive
        {ask, From, Ref, {may_end, Name}} ->
            #{linger := Linger, waits := Waits} = State,
            case lists:prefix(atom_to_list(Linger) ++ "#", Name) of
                true ->
                    loop(State#{waits := [{From, Ref} | Waits]});
                false ->
                    From ! {Ref, ok},
                    loop(State)
            end;
        {ask, From, Ref, Question} ->
            {Answer, NewState} = answer(Question, From, State),
            From ! {Ref, Answer},
            loop(NewState);
        {bye, Name, Reason} ->
            loop(log(["bye ", Name, " ", reason(Reason)], State));
        {'DOWN', _, process, Pid, Reason} ->
            loop(down(Pid, Reason, State))
    end.

answer({start, Type, Id}, Pid, State) ->
    #{attempts := Attempts, next := Next, pids := Pids, names := Names, supervisors := Supervisors} = State,
    Attempt = maps:get(Id, Attempts, 0) + 1,
    {Outcome, Rest} = case maps:get(Id, Next, []) of
        [First | Others] -> {First, Others};
        [] -> {ok, []}
    end,
    Name = [atom_to_list(Id), "#", integer_to_list(Attempt)],
    Counted = State#{attempts := Attempts#{Id => Attempt}, next := Next#{Id => Rest}},
    Logged = log(["start ", Name, " ", atom_to_list(Outcome)], Counted),
    case Outcome of
        ok ->
            monitor(process, Pid),
            NewSupervisors = case Type of
                worker -> Supervisors;
                _ -> Supervisors#{Id => Pid}
            end,
            {{Name, ok}, Logged#{pids := Pids#{Id => Pid}, names := Names#{Pid => {Type, Name, Attempt}}, supervisors := NewSupervisors}};
        _ ->
            {{Name, Outcome}, Logged}
    end;
answer({next, Id, Outcomes}, _From, #{next := Next} = State) ->
    {ok, State#{next := Next#{Id => Outcomes}}};
answer({hold, Id}, _From, State) ->
    {ok, State#{held := Id}};
answer({linger, Id}, _From, State) ->
    {ok, State#{linger := Id, held := Id}};
answer(release, _From, #{waits := Waits} = State) ->
    [Pid ! {Ref, ok} || {Pid, Ref} <- Waits],
    {ok, State#{linger := nobody, waits := [], held := nobody}};
answer(held, _From, #{held := Id} = State) ->
    {Id, State};
answer({pid, Id}, _From, #{pids := Pids} = State) ->
    {maps:get(Id, Pids, undefined), State};
answer({name_of, Pid}, _From, #{names := Names} = State) ->
    {maps:get(Pid, Names, undefined), State};
answer(supervisors, _From, #{supervisors := Supervisors} = State) ->
    {lists:sort([{Id, Pid} || {Id, Pid} <- maps:to_list(Supervisors), is_process_alive(Pid)]), State};
answer(take, _From, #{log := Log, gone := Gone} = State) ->
    {{lists:reverse(Log), lists:sort(Gone)}, State#{log := [], gone := []}};
answer(reset, _From, _State) ->
    {ok, empty()}.

down(Pid, Reason, #{names := Names, gone := Gone} = State) ->
    case Names of
        #{Pid := {worker, Name, _}} -> log(["end ", Name, " ", reason(Reason)], State);
        #{Pid := {_Supervisor, Name, _}} -> State#{gone := [lists:flatten(["gone ", Name, " ", reason(Reason)]) | Gone]};
        % Of a scenario that is over.
        _ -> State
    end.

log(Line, #{log := Log} = State) ->
    State#{log := [lists:flatten(Line) | Log]}.

%% A reason in the words of the trace.
% What a call to a supervisor failed with.
reason({Reason, {gen_server, call, _}}) -> reason(Reason);
reason({Reason, {sys, _, _}}) -> reason(Reason);
reason(normal) -> "normal";
reason(shutdown) -> "shutdown";
reason({shutdown, _}) -> "shutdown_with";
reason(kill) -> "kill";
reason(killed) -> "killed";
reason(noproc) -> "noproc";
reason(boom) -> "boom";
% A crash, with its stack.
reason({boom, [_ | _]}) -> "panic";
reason(Other) -> io_lib:format("~0p", [Other]).

%% Why a start failed. It is the reason of the process, too; there the detail of `{shutdown, Detail}` is left out.
start_error({shutdown, {failed_to_start_child, Id, Reason}}) -> ["child(", atom_to_list(Id), ": ", start_error(Reason), ")"];
% The specification of a child that did not start is told, too.
start_error({Reason, Child}) when element(1, Child) =:= child -> start_error(Reason);
start_error(Reason) -> reason(Reason).
