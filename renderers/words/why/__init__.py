"""The words about why the service level is low.

factors    each factor against its usual range, and its name as a cause
waterfall  the steps from the average to the day's service level
sentences  the conclusion, the talking point, and what a reader must know of the method
"""

from renderers.words.why.factors import FactorRow as FactorRow
from renderers.words.why.sentences import WhyWords as WhyWords
from renderers.words.why.waterfall import Tone as Tone
from renderers.words.why.waterfall import Waterfall as Waterfall
from renderers.words.why.waterfall import WhyStep as WhyStep
