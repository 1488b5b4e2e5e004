"""The same question in other words and in another form: no different byte, and nothing read but releases.

**A question** is what is to be grouped by, what is to be counted, which codes are left of each dimension, and the order, bounds, page,
totals and subtotals (`question.py`). **Equivalent** are all ways to say it (`words.py`): codes, filters and measures in any order; lists, ranges, what
is left out, twice left out, alternatives, parts that overlap; a region as its municipalities, a group of risks as its risks, a
school year as its semesters, everything as no filter; defaults said or not; over REST as JSON, CSV with either sign, NDJSON and Parquet
(`rest.py`), over GraphQL with variables or without, with fragments and other names (`graphql.py`). The order in which is grouped
changes where there is neither order nor page: then rows are the same in another order.

**A pair** is a question said once, and said again. **No different byte**: what both tell, read by readers that share nothing with the
service and written down in one way (`Told.rows`: each row with its codes, and each figure, error and smallness to the last digit), is the
same bytes; so is the page with its cursor, in the forms that tell it; and in one and the same form whole bodies are.
A refusal is the same where it has the same codes.
"""
