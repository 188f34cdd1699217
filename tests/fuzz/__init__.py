"""Coverage-guided fuzzing of every reader of files and answers from outside.

targets      the readers, each as a function of bytes
seeds        the first inputs of each target, written into corpus/
__main__     runs all targets for a time: ``python -m tests.fuzz --seconds 120``
one          runs one target under atheris
json_mutation  changes one value of a JSON text
test_corpus  reads the corpus with every target, without atheris
corpus/      inputs that reach different code, and those that once were a fault
"""
