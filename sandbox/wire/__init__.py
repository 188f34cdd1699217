"""What all requests share, whatever they ask for.

messages      a request, a response, an endpoint, a page of a listing
handling      the steps of a request: access token, trouble, quota, permission, handler
errors        error bodies of the API
oauth         access tokens
quota         requests per client and window, and the headers that state them
troubles      the trouble that each group has at the moment
jobs          asynchronous jobs and the files they produce
files         CSV, XLSX and PDF files
times         instants, intervals and time zones in requests
request_log   every request with its status
"""
