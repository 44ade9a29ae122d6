"""The public booking site: sells the slots of its malls and tells the malls what was booked; a process of its own.

It stands on the internet, apart from every mall: it knows a mall only by what that mall told it, and keeps no name and
no address of a visitor. It must never import the mall's own live server (hall, hub, house, pages of the staff).
"""
