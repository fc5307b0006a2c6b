%% A child: it ends as it is told, and tells the recorder of its start and of its end in order.
-module(otp_child).
-behaviour(gen_server).
-export([start_link/1, start_link/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

start_link(Worker) ->
    gen_server:start_link(?MODULE, Worker, []).

%% A child of a simple_one_for_one supervisor, with an argument of its own.
start_link(Trap, Id) ->
    start_link({worker, Id, temporary, false, five_seconds, Trap}).

init({worker, Id, _Restart, _Significant, _Shutdown, Trap}) ->
    process_flag(trap_exit, Trap),
    case otp_recorder:start(worker, Id) of
        {Name, ok} -> {ok, {Name, Trap}};
        {_Name, fail} -> {stop, boom};
        {_Name, panic} -> error(boom);
        {_Name, ignore} -> ignore
    end.

handle_call(_Request, _From, State) ->
    {noreply, State}.

handle_cast(normal, State) -> {stop, normal, State};
handle_cast(shutdown, State) -> {stop, shutdown, State};
handle_cast(shutdown_with, State) -> {stop, {shutdown, detail}, State};
handle_cast(boom, State) -> {stop, boom, State};
handle_cast(kill, State) -> {stop, kill, State};
handle_cast(panic, _State) -> error(boom).

%% A trapped exit of somebody else.
handle_info(_Info, State) ->
    {noreply, State}.

terminate(Reason, {Name, true}) -> otp_recorder:bye(Name, Reason), otp_recorder:may_end(Name);
terminate(_Reason, {_Name, false}) -> ok.
