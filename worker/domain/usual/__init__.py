"""What is usual for a group, from its own history, and how far a figure of today lies from it.

distributions  tails and quantiles of the distributions that the rules need
scales         the kinds of figures, and the scale on which the days of each are compared
fit            the mean of the days, how much they differ, and how much the weekdays differ
past_days      leaves out days before a change of level, and single days far outside
usual_range    the usual range of a figure, its limits, and how unusual the figure of today is
discoveries    which of many figures are unusual, looked at together
target         how far a target is missed, and whether chance can miss it by as much

docs/usual-range.md describes the method and where its numbers come from.
"""
