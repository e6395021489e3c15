"""FHIR, in its releases R4B and R5: programmes, facts and released figures as resources."""
