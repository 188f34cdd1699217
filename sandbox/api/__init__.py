"""The API, one module or package per family of endpoints.

app             all endpoints as one application
conversations   conversation aggregates
users           user aggregates
filters         filters of both aggregate queries
adherence       bulk historical adherence
exports/        reporting exports
guide/          the guide's API: reports, their exports, holiday calendars
workforce/      what is planned for a day: business units, schedules, forecasts
routing         queues and their members
people          users, divisions, management units
architect       schedule groups and schedules
platform        access token, organisation, limits
downloads       files by download id and by signed address
login           `POST /oauth/token`
backstage       `/_sandbox/…`: the request log, the state, and changes of trouble
"""
