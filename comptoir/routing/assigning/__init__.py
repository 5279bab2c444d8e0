"""Giving conversations to agents: who is there (`members`), who fits one best (`choosing`, `needing`), what waits
(`queue`), and the pass that brings them together (`matching`, plain arithmetic) under the database's locks (`giving`);
what the absent leave is offered back (`returning`), what waits too long goes elsewhere (`overflowing`).
"""
