%% A supervisor, as a scenario describes it. What is not said there are Elixir's defaults.
-module(otp_tree).
-behaviour(supervisor).
-export([start_link/1, child_spec/1]).
-export([init/1]).

start_link(Supervisor) ->
    supervisor:start_link(?MODULE, Supervisor).

init({supervisor, Id, _Restart, _Significant, Strategy, Intensity, AutoShutdown, Children}) ->
    otp_recorder:start(supervisor, Id),
    Flags = #{strategy => Strategy, intensity => Intensity, period => 3600, auto_shutdown => AutoShutdown},
    {ok, {Flags, [child_spec(Child) || Child <- Children]}};
init({dynamic, Id, _Restart, _Significant, Intensity, ChildRestart, Shutdown, Trap}) ->
    otp_recorder:start(dynamic, Id),
    Flags = #{strategy => simple_one_for_one, intensity => Intensity, period => 3600},
    Child = #{id => dynamic, start => {otp_child, start_link, [Trap]}, restart => ChildRestart, shutdown => shutdown(Shutdown)},
    {ok, {Flags, [Child]}}.

child_spec({worker, Id, Restart, Significant, Shutdown, _Trap} = Worker) ->
    #{id => Id, start => {otp_child, start_link, [Worker]}, restart => Restart, significant => Significant,
      shutdown => shutdown(Shutdown), type => worker};
child_spec(Supervisor) ->
    #{id => element(2, Supervisor), start => {otp_tree, start_link, [Supervisor]}, restart => element(3, Supervisor),
      significant => element(4, Supervisor), shutdown => infinity, type => supervisor}.

shutdown(five_seconds) -> 5000;
shutdown(brutal_kill) -> brutal_kill.
