"""Programs from the Unix shell: ``$R2LIB/gen a 10 10``, ``$R2LIB/label -list a``, ``v2param nl``.

``python -m monitor.shell.setup`` (the command ``vicar-shell``) makes a folder of executables and prints the lines that put it
into sh or csh. Facts of the syntax: ``vos/shell_vicar`` (tae_parsers, tae_variables, tae_subcmd, zzq_out, v2param_subs).
"""
