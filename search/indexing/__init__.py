"""Steps of a build that both backends share."""
