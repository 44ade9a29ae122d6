"""What hangs in the hall: the hall board and the display above a counter.

Knows Qt and the sound device; must import nothing but domain, link, voice, texts and look. `calls` and
`scene` are pure.
"""
