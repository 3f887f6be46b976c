"""The part of a CLIPS program that is the same for every rulebase: from fired rules to totals, in integers.

Evidence, priors and totals of segments are in 10⁻⁶ point, overall totals in 10⁻¹² point.
"""

from __future__ import annotations

TEMPLATES = (
    "(deftemplate segment (slot number) (slot name) (slot share))",
    "; kind is evidence or prior\n"
    "(deftemplate points (slot kind) (slot rule) (slot record) (slot segment) (slot points))",
    "(deftemplate ruled-out (slot record) (slot segment) (slot rule))",
    "(deftemplate total (slot record) (slot segment) (slot share) (slot points) (slot blocked))",
    "(deftemplate overall (slot record) (slot points))",
    "; a share of a weight, both in thousandths, rounded half up\n"
    "(deffunction thousandths (?weight ?share) (div (+ (* 2 ?weight ?share) 1000) 2000))",
)

SUMS = (
    """; A rule may match with several items: the strongest counts.
(defrule evidence
  (declare (salience -9000))
  (fired ?rule ?s ?weight)
  (not (fired ?rule ?s ?other&:(> ?other ?weight)))
  (weighs ?rule ?record ?base)
  =>
  (assert (points (kind evidence) (rule ?rule) (record ?record) (segment ?s) (points (* ?base ?weight)))))""",
    """; The prior takes off what a decided rule gives on average.
(defrule prior
  (declare (salience -9000))
  (or (fired ?rule ?s ?) (false ?rule ?s))
  (expects ?rule ?record ?mean)
  =>
  (assert (points (kind prior) (rule ?rule) (record ?record) (segment ?s) (points (- 0 ?mean)))))""",
    """(defrule rule-out
  (declare (salience -9000))
  (fired ?rule ?s ?)
  (blocks ?rule ?record)
  =>
  (assert (ruled-out (record ?record) (segment ?s) (rule ?rule))))""",
    """(defrule total
  (declare (salience -9100))
  (segment (number ?s) (share ?share))
  (record ?record)
  =>
  (bind ?sum 0)
  (do-for-all-facts ((?each points)) (and (eq ?each:record ?record) (eq ?each:segment ?s))
    (bind ?sum (+ ?sum ?each:points)))
  (bind ?blocked (if (any-factp ((?each ruled-out)) (and (eq ?each:record ?record) (eq ?each:segment ?s)))
    then yes else no))
  (assert (total (record ?record) (segment ?s) (share ?share) (points ?sum) (blocked ?blocked))))""",
    """; Where a record is ruled out, what speaks for it no longer counts.
(defrule overall
  (declare (salience -9200))
  (record ?record)
  =>
  (bind ?sum 0)
  (do-for-all-facts ((?each total)) (eq ?each:record ?record)
    (bind ?points (if (eq ?each:blocked yes) then (min 0 ?each:points) else ?each:points))
    (bind ?sum (+ ?sum (* ?each:share ?points))))
  (assert (overall (record ?record) (points ?sum))))""",
)

REPORT = """(defrule report
  (declare (salience -9900))
  (overall (record ?record) (points ?points))
  =>
  (printout t ?record " " (/ ?points 1000000000000.0) crlf))"""
