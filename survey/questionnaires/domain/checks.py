"""Everything an author should see beside a questionnaire: what stops the launch, and what asks for care."""

from functools import lru_cache

from .definition import Definition
from .rulecheck import rule_problems
from .shape import Problem, shape_problems
from .traps import Weight, traps


@lru_cache(maxsize=256)
def problems(definition: Definition) -> list[Problem]:
    """What must be put right before launch: shape, rules, and questions that must never be asked."""
    blocked = [Problem(trap.path, trap.message) for trap in traps(definition) if trap.weight is Weight.BLOCK]
    return shape_problems(definition) + rule_problems(definition) + blocked


@lru_cache(maxsize=256)
def warnings(definition: Definition) -> list[Problem]:
    """What endangers respondents' privacy but may be meant."""
    return [Problem(trap.path, trap.message) for trap in traps(definition) if trap.weight is Weight.WARNING]
