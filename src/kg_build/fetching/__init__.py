"""Fetching: registries and pages -> files that `kg build` reads, as they were answered, with where and when beside them.

command     `kg fetch ctgov|openfda|drugsfda|ema|article`
flow        one request of a user from its first question to its published folder; resumes
asking      what a source's module says: the questions, and what it makes of each answer
ctgov, openfda, drugsfda, ema, article
            a source each: its addresses, its paging, and what must agree
client      how a server is asked: tries, waits, pace, caps, redirects
addresses   which addresses a page may have
checkpoint  what is kept of an unfinished fetch, and how a whole one appears

Needs the extra `fetch`; nothing is asked of anybody before `kg fetch` is typed.
"""
