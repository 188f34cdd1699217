"""The workforce management of business units: what is planned for a day.

units    business units and activity codes
plans    planning groups, published schedules, required agents, predictions, forecasts
shifts   the search for agents' schedules
"""
