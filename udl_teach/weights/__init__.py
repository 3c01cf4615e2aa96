"""Weights of models that learned beforehand, each file beside the recipe that made it.

Every number is a float16, so that all files together stay below a megabyte; `udl_teach.pretrained` reads them.
"""
