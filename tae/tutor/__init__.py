"""TUTOR: a dialogue about the parameters of a command before it runs.

`target` prepares what the dialogue is about (a procedure or a built-in command, with its help), `assign` gives parameters
values as they are typed, `noscreen` is the dialogue at a plain prompt. A screen works on the same target.
"""
