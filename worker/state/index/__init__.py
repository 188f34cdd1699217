"""Which runs a group has, and which ended in a state: an index, so that lists read only the runs that they show.

listing    reads the newest runs of a group, in a state, or of a day
building   indexes the runs of a release that had no index

The Lua scripts keep it, in the same call that writes a run. `standup:days:GROUP` is a hash with the newest revision of
each reporting day. `standup:runs:STATE` has the runs in a state by the instant of their claim, as `standup:runs` has
all. The states ``open`` and ``delivered`` have none: `standup:open` has the open runs, and most runs are delivered.
"""
