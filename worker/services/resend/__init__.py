"""Sends again what did not arrive, and never what did.

request    what the operator asks for, and what came of it
choice     the deliveries that the operator means
resending  plans these deliveries again and reopens the run

Deliveries go back to ``planned`` by compare-and-set, and the run is reopened at its last step, which sends them like
any others. A run that is at that step, because some receivers are busy, does not wait any longer. Nothing leads back
from ``sent``. From ``unknown`` only the channel's rule or the operator's word does.
"""

from worker.services.resend.request import NotSentAgain as NotSentAgain
from worker.services.resend.request import OperatorWord as OperatorWord
from worker.services.resend.request import ResendRequest as ResendRequest
from worker.services.resend.request import ResendResult as ResendResult
from worker.services.resend.resending import Resending as Resending
