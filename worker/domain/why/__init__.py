"""Why the service level of a day lies below what is usual.

content     the explanation, as data
reference   what the model needs of the day and of the reference days, from what is remembered of them
factors     each factor on the day, against its own usual range
explaining  whether a day is explained, and how

`worker.domain.staffing` has the model.
"""
